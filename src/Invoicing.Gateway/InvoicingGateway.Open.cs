using System.Diagnostics.CodeAnalysis;
using Invoicing.Chain;
using Invoicing.Gateway.Clocks;
using Invoicing.Gateway.Enrolment;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Keys;
using Invoicing.Gateway.Recording;
using Invoicing.Gateway.Uplink;
using Invoicing.Hashing;
using Invoicing.Signing;
using Invoicing.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Gateway;

public sealed partial class InvoicingGateway
{
    /// <summary>Opens a journal and verifies its tail, or begins a new chain where there is none.</summary>
    /// <param name="options">What it is opened with.</param>
    /// <param name="loggers">Where it logs to; <see langword="null"/>: nowhere.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <exception cref="ArgumentException">An option is missing or does not fit; names it.</exception>
    /// <exception cref="FileInUseException">Another process, or another gateway of this one, has the journal: <i>in use by pid n</i>.</exception>
    /// <exception cref="JournalCorruptException">The journal is damaged; names position, expected and found.</exception>
    /// <exception cref="InvoicingException">The key, the bundle or the disk is not as it should be.</exception>
    public static Task<InvoicingGateway> OpenAsync(
        GatewayOptions options, ILoggerFactory? loggers = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);

        // Disk and key work is synchronous; a caller's thread (a till's user interface) is not to wait for it.
        return Task.Run(() => Open(options, loggers ?? NullLoggerFactory.Instance), cancellationToken);
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The gateway owns them from here on.")]
    private static InvoicingGateway Open(GatewayOptions options, ILoggerFactory loggers)
    {
        ILogger<InvoicingGateway> logger = loggers.CreateLogger<InvoicingGateway>();
        var keys = new SigningKeys(options.Keys, options.Time, logger);
        (ISigner? Signer, KeyLocation? Place) key = (options.Signer, null);
        JournalFile? file = null;
        IdentityKeeper? identity = null;
        var clock = new DeviceClock(options.Time);
        try
        {
            identity = IdentityOf(options, clock);
            ReadOnlyMemory<byte>? enrolment = identity?.Current.Enrolment ?? options.Bundle?.Enrolment;
            file = JournalFile.Open(options.JournalPath, () => Begin(options, (enrolment, clock), keys, ref key), out JournalState state);
            key = FindSigner(options, keys, key, state);
            CheckEnrolment(options, enrolment, identity?.Current.Name ?? options.Bundle?.Name, state);
            state = TidyKeys(file, key.Place, state, logger);
            LogOpened(logger, options.JournalPath, state.Chain, state.Head.Position, SqliteFile.Version);
            return Start(options, new(file, state, key.Signer!, keys, identity, clock), loggers);
        }
        catch
        {
            file?.Dispose();
            key.Signer?.Dispose();
            identity?.Dispose();
            throw;
        }
    }

    /// <summary>The identity folder's, where one is named; else the bundle's, if anything is to be sent with it.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The keeper owns the folder from here on.")]
    private static IdentityKeeper? IdentityOf(GatewayOptions options, DeviceClock clock)
    {
        if (options.IdentityPath is null)
        {
            return options is { Bundle: { } bundle, Authority: not null } ? new(DeviceIdentity.Of(bundle), folder: null, clock, jitter: 0) : null;
        }

        var folder = IdentityFolder.Open(options.IdentityPath, seal: KeySeal.Of(options.Keys));
        try
        {
            return new(folder.ReadOrAdopt(options.Bundle), folder, clock, (options.Jitter ?? ReconnectDelay.SystemJitter)());
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The gateway owns recorder and link from here on.")]
    private static InvoicingGateway Start(GatewayOptions options, Opened opened, ILoggerFactory loggers)
    {
        JournalState state = opened.State;
        opened.Clock.RaiseProven(Math.Max(state.Enrolment.EnrolledAt, state.Anchor?.LedgerTime ?? 0));
        opened.Clock.Raise(state.Head.RecordedAt);

        // The authority's keys and certificates are read before anything runs, so that a wrong bundle leaves nothing to be ended.
        Func<Recorder, AuthorityLink>? link = PrepareLink(options, opened, loggers);
        var times = new EntryTimes(options.JournalPath);
        var dates = new UnacknowledgedDates(options.JournalPath);
        var recorder = new Recorder(
            opened.File, state, opened.Signer,
            new(options.EveryRegisterIsNew, options.NewRegisters, options.AttachmentRetention, opened.Clock, opened.Keys), loggers.CreateLogger<Recorder>());
        return new(options, recorder, link?.Invoke(recorder), opened, (times, dates));
    }

    private static JournalStart Begin(
        GatewayOptions options, (ReadOnlyMemory<byte>? Record, DeviceClock Clock) device, SigningKeys keys, ref (ISigner? Signer, KeyLocation? Place) key)
    {
        if (device.Record is not { } bytes)
        {
            throw new InvoicingException(
                $"{options.JournalPath}: expected a journal, or the authority's bundle or an identity to begin one with, found none of them");
        }

        // The key is on the disk before the entry that names it: a crash in between leaves a key that no chain uses, and the next start takes it.
        var enrolment = EnrolmentGrant.Read(bytes);
        KeyLocation usual = UsualPlace(options);
        key = key.Signer is null ? (keys.Read(usual) ?? NewKey(keys, usual, enrolment), usual) : key;
        ISigner signer = key.Signer!;
        if (!enrolment.SigningKey.IsEmpty && !enrolment.SigningKey.Span.SequenceEqual(signer.PublicKey.Span))
        {
            throw new InvoicingException(
                $"expected the signing key {Sha256Hash.Of(enrolment.SigningKey.Span)} that this device was enrolled with, found {signer.KeyId}; put the right key back");
        }

        ChainHead head = ChainAppend.Start(ChainId.Create(), enrolment.Hash);
        ClockReading reading = RecordingClock.Read(device.Clock.SystemNow, 0, 0, enrolment.EnrolledAt);
        return reading.Fault is not null ? throw new InvoicingException($"no chain can be begun: {reading.Fault}", isTransient: true)
            : new(enrolment, ChainAppend.NextSigned(
                ref head, EntryContents.Opening(signer, options.Software, enrolment.Predecessor), reading.RecordedAt, signer, anchor: null))
            {
                Keys = JournalKeys.None with { InForce = key.Place?.ToString() },
            };
    }

    /// <summary>A new key, unless the device was enrolled with one: then that one is missing.</summary>
    private static ISigner NewKey(SigningKeys keys, KeyLocation place, EnrolmentGrant enrolment) => enrolment.SigningKey.IsEmpty
        ? keys.Create(place)
        : throw new InvoicingException(
            $"{place}: expected the signing key {Sha256Hash.Of(enrolment.SigningKey.Span)} that this device was enrolled with, found none; put it back");

    private static void CheckEnrolment(GatewayOptions options, ReadOnlyMemory<byte>? enrolment, string? name, JournalState state)
    {
        if (enrolment is { } bytes && Sha256Hash.Of(bytes.Span) != Sha256Hash.Of(state.Enrolment.Bytes.Span))
        {
            throw new InvoicingException(
                $"{options.JournalPath}: expected the enrolment of device '{state.Enrolment.Device}' that this journal began with, found that of '{name}'; a new enrolment begins a new journal");
        }
    }

    private static Func<Recorder, AuthorityLink>? PrepareLink(GatewayOptions options, Opened opened, ILoggerFactory loggers)
    {
        if (options.Authority is not { } authority || opened.Identity is not { } identity)
        {
            return null;
        }

        var settings = new LinkSettings(
            authority, identity, options.JournalPath, options.Software, options.ReconnectDelay, options.ReconnectCap, opened.Clock,
            options.Jitter);
        return AuthorityLink.Prepare(settings, opened.State.Enrolment, loggers);
    }

    /// <summary>What a gateway is made of, once all of it is open.</summary>
    private sealed record Opened(
        JournalFile File, JournalState State, ISigner Signer, SigningKeys Keys, IdentityKeeper? Identity, DeviceClock Clock);

    private static void Check(GatewayOptions options)
    {
        string? fault =
            string.IsNullOrEmpty(options.JournalPath) ? "JournalPath: expected a file, found none"
            : options.Software is not { Length: >= 1 and <= 100 } ? "Software: expected 1 to 100 characters, found others"
            : options.NewRegisters.IsDefault ? "NewRegisters: expected a list, found default"
            : options.Authority is { } uri && !(uri.IsAbsoluteUri && uri.Scheme == Uri.UriSchemeHttps)
                ? $"Authority: expected https://host:port, found '{options.Authority}'"
            : options is { Authority: not null, Bundle: null, IdentityPath: null }
                ? "IdentityPath, Bundle: expected this device's identity or the authority's bundle, which sending needs, found neither"
            : options.IdentityPath is "" ? "IdentityPath: expected a folder, found none"
            : options.DrainTimeout < TimeSpan.Zero || options.DrainTimeout > TimeSpan.FromMinutes(5)
                ? $"DrainTimeout: expected 0 to 5 minutes, found {options.DrainTimeout}"
            : options.ReconnectDelay <= TimeSpan.Zero || options.ReconnectCap < options.ReconnectDelay || options.ReconnectCap > TimeSpan.FromHours(1)
                ? $"ReconnectDelay, ReconnectCap: expected 0 < delay <= cap <= 1 hour, found {options.ReconnectDelay} and {options.ReconnectCap}"
            : options.AttachmentRetention < TimeSpan.Zero ? $"AttachmentRetention: expected 0 or more, found {options.AttachmentRetention}"
            : options.BuyerHold < TimeSpan.Zero || options.BuyerHold > GatewayOptions.MaxBuyerHold
                ? $"BuyerHold: expected 0 to {GatewayOptions.MaxBuyerHold}, found {options.BuyerHold}"
            : options.Leases?.Fault() is { } leases ? leases
            : options.Keys is null ? "Keys: expected what opens keys, found none"
            : options.SigningKey is KeyLocation.OnToken && options.Keys.Host is null ? "Keys.Host: expected how to start a key host, which a key on a token needs, found none"
            : options.Time is null ? "Time: expected a clock, found none"
            : null;
        if (fault is not null)
        {
            throw new ArgumentException(fault, nameof(options));
        }
    }

    [LoggerMessage(2054, LogLevel.Information, "Journal {Path}: chain {Chain} opened at position {Position}; SQLite {Version}")]
    private static partial void LogOpened(ILogger logger, string path, ChainId chain, long position, string version);
}

using System.Diagnostics.CodeAnalysis;
using Invoicing.Chain;
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

    private static InvoicingGateway Open(GatewayOptions options, ILoggerFactory loggers)
    {
        ILogger<InvoicingGateway> logger = loggers.CreateLogger<InvoicingGateway>();
        var keys = new SigningKeys(options.Keys, options.Time, logger);
        (ISigner? Signer, KeyLocation? Place) key = (options.Signer, null);
        JournalFile? file = null;
        try
        {
            file = JournalFile.Open(options.JournalPath, () => Begin(options, keys, ref key), out JournalState state);
            key = FindSigner(options, keys, key, state);
            CheckBundle(options, state);
            state = TidyKeys(file, key.Place, state, logger);
            LogOpened(logger, options.JournalPath, state.Chain, state.Head.Position, SqliteFile.Version);
            return Start(options, file, state, (key.Signer!, keys), loggers);
        }
        catch
        {
            file?.Dispose();
            key.Signer?.Dispose();
            throw;
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The gateway owns recorder and link from here on.")]
    private static InvoicingGateway Start(
        GatewayOptions options, JournalFile file, JournalState state, (ISigner Signer, SigningKeys All) key, ILoggerFactory loggers)
    {
        // The authority's keys and certificates are read before anything runs, so that a wrong bundle leaves nothing to be ended.
        Func<Recorder, AuthorityLink>? link = PrepareLink(options, state, loggers);
        var times = new EntryTimes(options.JournalPath);
        var dates = new UnacknowledgedDates(options.JournalPath);
        var recorder = new Recorder(
            file, state, key.Signer, new(options.EveryRegisterIsNew, options.NewRegisters, options.AttachmentRetention, options.Time, key.All),
            loggers.CreateLogger<Recorder>());
        return new(options, recorder, link?.Invoke(recorder), (times, dates), key.All);
    }

    private static JournalStart Begin(GatewayOptions options, SigningKeys keys, ref (ISigner? Signer, KeyLocation? Place) key)
    {
        if (options.Bundle is not { } bundle)
        {
            throw new InvoicingException(
                $"{options.JournalPath}: expected a journal, or the authority's bundle to begin one with, found neither");
        }

        // The key is on the disk before the entry that names it: a crash in between leaves a key that no chain uses, and the next start takes it.
        KeyLocation usual = UsualPlace(options);
        key = key.Signer is null ? (keys.Read(usual) ?? keys.Create(usual), usual) : key;
        ISigner signer = key.Signer!;
        var enrolment = EnrolmentGrant.Read(bundle.Enrolment);
        ChainHead head = ChainAppend.Start(ChainId.Create(), enrolment.Hash);
        long now = options.Time.GetUtcNow().ToUnixTimeMilliseconds();
        ClockReading clock = RecordingClock.Read(now, 0, 0, enrolment.EnrolledAt);
        return clock.Fault is null
            ? new(enrolment, ChainAppend.NextSigned(ref head, EntryContents.Opening(signer, options.Software), clock.RecordedAt, signer, anchor: null)) { Keys = JournalKeys.None with { InForce = key.Place?.ToString() } }
            : throw new InvoicingException($"no chain can be begun: {clock.Fault}", isTransient: true);
    }

    private static void CheckBundle(GatewayOptions options, JournalState state)
    {
        if (options.Bundle is { } bundle && Sha256Hash.Of(bundle.Enrolment.Span) != Sha256Hash.Of(state.Enrolment.Bytes.Span))
        {
            throw new InvoicingException(
                $"{options.JournalPath}: expected the bundle of device '{state.Enrolment.Device}' that this journal began with, found the bundle of '{bundle.Name}'; a new enrolment begins a new journal");
        }
    }

    private static Func<Recorder, AuthorityLink>? PrepareLink(GatewayOptions options, JournalState state, ILoggerFactory loggers)
    {
        if (options is not { Authority: { } authority, Bundle: { } bundle })
        {
            return null;
        }

        var settings = new LinkSettings(
            authority, bundle, options.JournalPath, options.Software, options.ReconnectDelay, options.ReconnectCap, options.Time, options.Jitter);
        return AuthorityLink.Prepare(settings, state.Enrolment, loggers);
    }

    private static void Check(GatewayOptions options)
    {
        string? fault =
            string.IsNullOrEmpty(options.JournalPath) ? "JournalPath: expected a file, found none"
            : options.Software is not { Length: >= 1 and <= 100 } ? "Software: expected 1 to 100 characters, found others"
            : options.NewRegisters.IsDefault ? "NewRegisters: expected a list, found default"
            : options.Authority is { } uri && !(uri.IsAbsoluteUri && uri.Scheme == Uri.UriSchemeHttps)
                ? $"Authority: expected https://host:port, found '{options.Authority}'"
            : options is { Authority: not null, Bundle: null } ? "Bundle: expected the authority's bundle, which sending needs, found none"
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

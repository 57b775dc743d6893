using Grpc.Net.Client;
using Invoicing.Gateway.Enrolment;
using Invoicing.Gateway.Journal;
using Microsoft.Extensions.Logging;
using Wire = Invoicing.Protos.V1;

namespace Invoicing.Gateway.Uplink;

/// <content>Renews the device's certificate: in time, and at once when it has ended.</content>
internal sealed partial class AuthorityLink
{
    /// <summary>The clock is looked at this often while a renewal is far away: it may be set meanwhile.</summary>
    private static readonly TimeSpan LongestLook = TimeSpan.FromHours(1);

    /// <summary>And this often while the renewal is the stream's to begin with.</summary>
    private static readonly TimeSpan ShortLook = TimeSpan.FromMinutes(2);

    /// <summary>Longest wait between tries while the certificate is still good: there are weeks left, and the authority counts tries.</summary>
    private static readonly TimeSpan PatientCap = TimeSpan.FromMinutes(15);

    /// <summary>
    /// A stream needs a certificate that is good: one that has ended opens the renewal, and nothing else. A device that does not know the time
    /// cannot know whether its own has: it renews too, and hears the time with that. Should that fail, the stream is tried all the same.
    /// </summary>
    /// <exception cref="UplinkBrokenException">The renewal did not come about; it is tried again in the stream's own back-off.</exception>
    private async Task RenewWhatHasEndedAsync(CancellationToken cancellationToken)
    {
        IdentityKeeper identity = _settings.Identity;
        if (!identity.RenewsItself || !(identity.HasEnded || identity.MayHaveEnded))
        {
            return;
        }

        try
        {
            await RenewAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (InvoicingException fault)
        {
            if (!identity.HasEnded)
            {
                return; // told by the identity's status
            }

            throw new UplinkBrokenException($"the device's certificate has ended and could not be renewed yet: {fault.Message}", fault);
        }
    }

    private async Task RenewInTimeAsync(CancellationToken cancellationToken)
    {
        int failed = 0;
#pragma warning disable CA1031 // The one catch-all of this loop: what it cannot do is told, and the stream goes on as long as the certificate does.
        try
        {
            while (true)
            {
                TimeSpan left = _settings.Identity.UntilDue;
                if (left > TimeSpan.Zero || ((_settings.Identity.HasEnded || _settings.Identity.MayHaveEnded) && !IsStreaming))
                {
                    // Without a stream, one that has ended is renewed before the next begins.
                    failed = 0;
                    TimeSpan look = left == TimeSpan.Zero ? ShortLook : left < LongestLook ? left : LongestLook;
                    await Task.Delay(look + TimeSpan.FromMilliseconds(1), _settings.Time, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                try
                {
                    await RenewAsync(cancellationToken).ConfigureAwait(false);
                    failed = 0;
                }
                catch (InvoicingException fault)
                {
                    TimeSpan cap = _settings.Cap > PatientCap ? _settings.Cap : PatientCap;
                    TimeSpan delay = ReconnectDelay.Of(_settings.Delay, cap, failed++, (_settings.Jitter ?? ReconnectDelay.SystemJitter)());
                    LogNotRenewed(fault.Message, delay.TotalMilliseconds);
                    await Task.Delay(delay, _settings.Time, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return; // closing
        }
        catch (Exception fault)
        {
            LogRenewalFailed(fault);
        }
#pragma warning restore CA1031
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        bool isNew = await _settings.Identity.RenewAsync(
            identity => new(
                _settings.Authority, identity, _journal.Signer, _session.State.Chain, JournalKeyChanges.Newest(_settings.JournalPath),
                _settings.Software),
            cancellationToken).ConfigureAwait(false);
        if (!isNew)
        {
            return;
        }

        IdentityStatus status = _settings.Identity.Status;
        LogRenewed(status.Name, status.CertificateEnds);
        Connection before = Interlocked.Exchange(
            ref _connection, new(AuthorityChannel.Create(_settings.Authority, _settings.Identity.Current, _settings.Time)));
        before.Dispose();
    }

    [LoggerMessage(2230, LogLevel.Information, "The certificate of '{Device}' was renewed; it ends on {Ends:yyyy-MM-dd}")]
    private partial void LogRenewed(string device, DateTimeOffset ends);

    [LoggerMessage(2231, LogLevel.Warning, "The device's certificate was not renewed: {Reason}; next try in {Milliseconds} ms")]
    private partial void LogNotRenewed(string reason, double milliseconds);

    [LoggerMessage(2232, LogLevel.Critical, "Renewing certificates failed")]
    private partial void LogRenewalFailed(Exception fault);

    /// <summary>A channel under one certificate, and the word that another has taken its place.</summary>
    private sealed class Connection : IDisposable
    {
        private readonly GrpcChannel _channel;
        private readonly CancellationTokenSource _replaced = new();

        public Connection(GrpcChannel channel)
        {
            _channel = channel;
            Client = new(channel);
            Replaced = _replaced.Token; // may be looked at after the source is gone
        }

        public Wire.IntakeService.IntakeServiceClient Client { get; }

        public CancellationToken Replaced { get; }

        /// <summary>Ends what goes over it.</summary>
        public void Dispose()
        {
            _replaced.Cancel();
            _channel.Dispose();
            _replaced.Dispose();
        }
    }
}

using Invoicing.Gateway.Clocks;

namespace Invoicing.Gateway.Enrolment;

/// <summary>Holds the device's identity while a gateway runs, and replaces it when it is renewed. Any number of threads.</summary>
internal sealed class IdentityKeeper : IDisposable
{
    private readonly IdentityFolder? _folder;
    private readonly DeviceClock _clock;
    private readonly double _jitter;
    private readonly SemaphoreSlim _renewing = new(1, 1);
    private Held _held;
    private string? _trouble;

    /// <summary>Makes a keeper.</summary>
    /// <param name="identity">The identity.</param>
    /// <param name="folder">Where it is kept, and whose the keeper is from here on; <see langword="null"/>: it cannot be renewed.</param>
    /// <param name="clock">The best known time.</param>
    /// <param name="jitter">0 up to but not 1: this device's place among those that were enrolled with it.</param>
    public IdentityKeeper(DeviceIdentity identity, IdentityFolder? folder, DeviceClock clock, double jitter)
    {
        _folder = folder;
        _clock = clock;
        _jitter = jitter;
        _held = Hold(identity);
    }

    /// <summary>The identity as it is now.</summary>
    public DeviceIdentity Current => Volatile.Read(ref _held).Identity;

    /// <summary>Whether the certificate can be renewed.</summary>
    public bool RenewsItself => _folder is not null;

    /// <summary>Whether the certificate has ended, by the best known time.</summary>
    public bool HasEnded => Volatile.Read(ref _held).Until < Now;

    /// <summary>
    /// Whether the certificate may have ended without our knowing: our clock is not plausible, and the authority was not heard since the start.
    /// </summary>
    public bool MayHaveEnded => _clock.Best.IsLowerBound && _clock.Authority.Now is null;

    /// <summary>Time until the certificate is to be renewed; zero if it is, and while nothing is known of the time.</summary>
    public TimeSpan UntilDue => MayHaveEnded ? TimeSpan.Zero : Volatile.Read(ref _held).Due - Now is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>How the identity fares.</summary>
    public IdentityStatus Status
    {
        get
        {
            Held held = Volatile.Read(ref _held);
            return new(held.Identity.Name, held.Until, RenewalSchedule.StateOf(held.Until, Now), RenewsItself, Volatile.Read(ref _trouble));
        }
    }

    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(_clock.Best.At);

    /// <summary>Renews the certificate, unless that is no longer due.</summary>
    /// <param name="request">Makes what is told to the authority, of the identity as it is now.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Whether it was renewed.</returns>
    /// <exception cref="InvoicingException">It did not come about; the identity is as it was. Told by <see cref="Status"/>, too.</exception>
    public async Task<bool> RenewAsync(Func<DeviceIdentity, RenewalRequest> request, CancellationToken cancellationToken)
    {
        IdentityFolder folder = _folder ?? throw new InvalidOperationException("expected an identity that can be renewed, found one without a folder");
        await _renewing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (UntilDue > TimeSpan.Zero)
            {
                return false;
            }

            DeviceIdentity renewed = await CertificateRenewal.RunAsync(folder, request(Current), _clock, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _held, Hold(renewed));
            Volatile.Write(ref _trouble, null);
            return true;
        }
        catch (InvoicingException fault)
        {
            Volatile.Write(ref _trouble, fault.Message);
            throw;
        }
        finally
        {
            _renewing.Release();
        }
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose()
    {
        _folder?.Dispose();
        _renewing.Dispose();
    }

    private Held Hold(DeviceIdentity identity)
    {
        (DateTimeOffset from, DateTimeOffset until) = identity.Life();
        return new(identity, until, RenewalSchedule.Due(from, until, _jitter));
    }

    private sealed record Held(DeviceIdentity Identity, DateTimeOffset Until, DateTimeOffset Due);
}

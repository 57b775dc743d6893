using System.Collections.Concurrent;
using Invoicing.Gateway.Journal;
using Invoicing.Sales;

namespace Invoicing.Gateway;

public sealed partial class InvoicingGateway
{
    /// <summary>
    /// A register that refused a lease is not offered another for a day: each refusal burns what was cut for it. Kept in memory: after a
    /// restart one more is tried.
    /// </summary>
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromDays(1);

    /// <summary>By register, so bounded by the registers that were ever welcomed.</summary>
    private readonly ConcurrentDictionary<RegisterId, DateTimeOffset> _refusedLeases = new();

    /// <inheritdoc/>
    public bool IsClockPlausible => _recorder.IsClockPlausible;

    /// <inheritdoc/>
    public async Task<LeaseOffer?> OfferLeaseAsync(RegisterId serial, ulong epoch, CancellationToken cancellationToken)
    {
        bool wasRefused = _refusedLeases.TryGetValue(serial, out DateTimeOffset refusedAt)
            && _clock.GetUtcNow() - refusedAt < AfterRefusal;
        return _options.Leases is not { } terms || wasRefused
            ? null
            : await _recorder.OfferLeaseAsync(new(serial, epoch), terms, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task LeaseAnsweredAsync(
        RegisterId serial, ulong epoch, ulong lease, ulong? newestSequence, CancellationToken cancellationToken)
    {
        var key = new LineKey(serial, epoch);
        if (newestSequence is null && _recorder.State.Lines.ContainsKey(key))
        {
            _refusedLeases[serial] = _clock.GetUtcNow();
        }

        ThrowIfRefused(await _recorder.AnswerLeaseAsync(key, lease, newestSequence, cancellationToken).ConfigureAwait(false));
    }
}

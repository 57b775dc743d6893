using Invoicing.Gateway.Journal;
using Invoicing.Sales;

namespace Invoicing.Gateway.Recording;

internal sealed partial class Recorder
{
    /// <summary>Whether our clock is after all that is known to be past.</summary>
    public bool IsClockPlausible => RecordingClock.Read(
        _settings.Time.At(_settings.Time.Choose()), State.Head.RecordedAt, Anchor?.LedgerTime ?? 0, State.Enrolment.EnrolledAt).Fault is null;

    /// <summary>The lease that a line is to be offered; entered if it is new.</summary>
    public async Task<LeaseOffer?> OfferLeaseAsync(LineKey key, LeaseOptions terms, CancellationToken cancellationToken)
    {
        DateTimeOffset now = _settings.Time.GetUtcNow();
        (LeaseState? again, bool isNewDue) = LeaseTerms.Due(
            State.Leases.GetValueOrDefault(key, []), now, LeaseTerms.Until(now, terms.Days));
        if (again is null && !isNewDue)
        {
            return null; // asked each minute by each line: no turn at the journal for it
        }

        LeaseState? lease = await Post(
            new AnsweredWork<LeaseState?>(group => group.OfferLease(key, terms), _ => null), cancellationToken).ConfigureAwait(false);
        return lease is null ? null : LeaseTerms.Offer(lease, State.Enrolment.Kind);
    }

    /// <summary>Notes what a register answered to a lease.</summary>
    /// <returns>Why it could not be noted; else <see langword="null"/>.</returns>
    public Task<string?> AnswerLeaseAsync(LineKey key, ulong lease, ulong? newest, CancellationToken cancellationToken) =>
        Post(new AnsweredWork<string?>(group => group.AnswerLease(key, lease, newest), why => why), cancellationToken);

    /// <summary>Notes that a register's clock is past the end of leases, if it is past any.</summary>
    public async Task EndExpiredAsync(RegisterHello hello, CancellationToken cancellationToken)
    {
        bool isAny = State.Leases.GetValueOrDefault(new(hello.Register, hello.Epoch), [])
            .Any(lease => LeaseTerms.IsOver(lease, hello.Clock));
        if (isAny)
        {
            // Refused (clock, key): noted at the next hello.
            _ = await Post(new AnsweredWork<string?>(group => group.EndExpired(hello), why => why), cancellationToken).ConfigureAwait(false);
        }
    }
}

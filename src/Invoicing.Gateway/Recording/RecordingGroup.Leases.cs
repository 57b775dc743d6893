using System.Collections.Immutable;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Gateway.Recording;

/// <content>Leases: granted, answered, used up and burned. Every change stands in the chain or beside it in the same transaction.</content>
internal sealed partial class RecordingGroup
{
    private readonly ImmutableDictionary<LineKey, ImmutableArray<LeaseState>>.Builder _leases;
    private ulong _lastLease;

    /// <summary>The lease that a line is to be offered: the one that it has not answered, or a new one, which is entered.</summary>
    /// <returns><see langword="null"/> if none is due, or none can be given.</returns>
    public LeaseState? OfferLease(in LineKey key, LeaseOptions terms)
    {
        if (Refusal is not null || FindLine(key) is not { IsRetired: false, Stopped: null } line)
        {
            return null;
        }

        var now = DateTimeOffset.FromUnixTimeMilliseconds(_recordedAt);
        DateTimeOffset until = LeaseTerms.Until(now, terms.Days);
        (LeaseState? again, bool isNewDue) = LeaseTerms.Due(LeasesOf(key), now, until);
        if (again is not null || !isNewDue || _ranges.Cut(VietnamTime.DateOf(now).Year % 100, terms.Codes) is not { } cut)
        {
            return again;
        }

        // Rises over all leases of the chain, and with the clock: also above what a device before this one gave the same register.
        ulong id = Math.Max(_lastLease + 1, (ulong)_recordedAt);
        var lease = new RegisterLease(id, key.Register, key.Epoch, cut.Codes, cut.Numbers, until);
        PendingEntry entry = Append(LeaseContents.From(lease, isBurned: false));
        var granted = new LeaseState(lease, now, entry.Unsigned.Position);
        _ranges = cut.Rest;
        _lastLease = id;
        _leases[key] = LeasesOf(key).Add(granted);
        Write(file => file.Insert(granted, line.Id));
        return granted;
    }

    /// <summary>Notes what a register answered to a lease.</summary>
    /// <param name="key">Its line.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="newest">Its newest record when it took it; <see langword="null"/> if it refused.</param>
    /// <returns>Why it could not be noted; else <see langword="null"/>.</returns>
    public string? AnswerLease(in LineKey key, ulong lease, ulong? newest)
    {
        if (FindLease(key, lease) is not { IsTaken: false, EndsAfter: null } answered)
        {
            return null; // answered before, or over
        }

        if (Refusal is { } refusal)
        {
            return refusal;
        }

        if (newest is not { } last)
        {
            Burn(answered); // no receipt will ever bear it
            return null;
        }

        Change(answered with { IsTaken = true });
        EndOlder(key, lease, last);
        EndLeases(key);
        return null;
    }

    /// <summary>A register whose clock is past a lease's end prints no more from it: its records up to its newest are the last.</summary>
    /// <returns>Why it could not be noted; else <see langword="null"/>.</returns>
    public string? EndExpired(RegisterHello hello)
    {
        if (Refusal is { } refusal)
        {
            return refusal;
        }

        LineKey key = new(hello.Register, hello.Epoch);
        foreach (LeaseState lease in LeasesOf(key).Where(lease => LeaseTerms.IsOver(lease, hello.Clock)))
        {
            Change(lease with { EndsAfter = hello.NewestSequence });
        }

        EndLeases(key);
        return null;
    }

    private ImmutableArray<LeaseState> LeasesOf(in LineKey key) => _leases.GetValueOrDefault(key, []);

    private LeaseState? FindLease(in LineKey key, ulong lease) => LeasesOf(key).FirstOrDefault(known => known.Lease.Id == lease);

    /// <summary>What older leases gave was printed at or before a record.</summary>
    private void EndOlder(in LineKey key, ulong lease, ulong last)
    {
        foreach (LeaseState older in LeasesOf(key).Where(known => known.Lease.Id < lease && (known.EndsAfter is null || known.EndsAfter > last)))
        {
            Change(older with { EndsAfter = last });
        }
    }

    /// <summary>Burns what is left of leases whose last record is here.</summary>
    private void EndLeases(in LineKey key)
    {
        if (!_leases.ContainsKey(key))
        {
            return;
        }

        ulong last = FindLine(key)!.LastSequence;
        foreach (LeaseState lease in LeasesOf(key).Where(lease => lease.EndsAfter <= last))
        {
            Burn(lease);
        }
    }

    /// <summary>No record of this line comes any more.</summary>
    private void BurnAll(in LineKey key)
    {
        foreach (LeaseState lease in LeasesOf(key))
        {
            Burn(lease);
        }
    }

    private void Burn(LeaseState lease)
    {
        if (lease.Left > 0)
        {
            Append(LeaseContents.From(lease.Lease.Part(lease.Next, lease.Left), isBurned: true));
        }

        LeaseState over = lease with { Next = lease.Lease.Count };
        ImmutableArray<LeaseState> rest = LeasesOf(lease.Line).RemoveAll(known => known.Lease.Id == lease.Lease.Id);
        if (rest.IsEmpty)
        {
            _leases.Remove(lease.Line);
        }
        else
        {
            _leases[lease.Line] = rest;
        }

        Write(file => file.Save(over, isClosed: true));
    }

    private void Change(LeaseState lease)
    {
        ImmutableArray<LeaseState> leases = LeasesOf(lease.Line);
        int at = 0;
        while (leases[at].Lease.Id != lease.Lease.Id)
        {
            at++;
        }

        _leases[lease.Line] = leases.SetItem(at, lease);
        Write(file => file.Save(lease, isClosed: false));
    }

    /// <summary>Takes a receipt's code off its lease; those that were left out before it will never come and are burned.</summary>
    private void Use(LeaseState lease, int place)
    {
        if (place > lease.Next)
        {
            Append(LeaseContents.From(lease.Lease.Part(lease.Next, place - lease.Next), isBurned: true));
        }

        Change(lease with { Next = place + 1, IsTaken = true });
    }
}

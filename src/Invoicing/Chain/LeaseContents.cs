using Google.Protobuf;
using Invoicing.Invoices;
using Invoicing.Protos.V1;
using Invoicing.Sales;

namespace Invoicing.Chain;

/// <summary>Leases as content of entries, both ways. Pure.</summary>
public static class LeaseContents
{
    /// <summary>A lease that is granted, or a part of one that will never be used.</summary>
    /// <param name="lease">The lease, or the part of it.</param>
    /// <param name="isBurned">Whether its codes and numbers are given up.</param>
    public static EntryContent From(RegisterLease lease, bool isBurned)
    {
        ArgumentNullException.ThrowIfNull(lease);
        var content = new LeaseContent
        {
            Lease = lease.Id,
            Register = lease.Register.Value,
            Epoch = lease.Epoch,
            Codes = new() { Block = lease.Codes.Block, First = (ulong)lease.Codes.First, Last = (ulong)lease.Codes.Last },
            Numbers = new()
            {
                Series = lease.Numbers.Series.ToString(),
                First = (uint)lease.Numbers.First,
                Last = (uint)lease.Numbers.Last,
            },
            ValidUntil = lease.Until.ToUnixTimeMilliseconds(),
        };
        if (isBurned)
        {
            content.Burned = true;
        }

        return new(EntryKind.Lease, content.ToByteArray());
    }

    /// <summary>Reads a lease back.</summary>
    /// <param name="content">The content message of an entry of kind <see cref="EntryKind.Lease"/>.</param>
    /// <param name="lease">The lease, or the part of it; only if the answer is <see langword="null"/>.</param>
    /// <param name="isBurned">Whether its codes and numbers are given up.</param>
    /// <returns><see langword="null"/>, or what was expected and what was found.</returns>
    public static string? Read(ReadOnlySpan<byte> content, out RegisterLease? lease, out bool isBurned)
    {
        (lease, isBurned) = (null, false);
        try
        {
            LeaseContent read = LeaseContent.Parser.ParseFrom(content);
            if (read.Codes is not { } codes || read.Numbers is not { } numbers)
            {
                return "expected codes and numbers in a lease, found none";
            }

            lease = new(
                read.Lease, new RegisterId(read.Register), read.Epoch,
                new(codes.Block, checked((long)codes.First), checked((long)codes.Last)),
                new(InvoiceSeries.Parse(numbers.Series), checked((int)numbers.First), checked((int)numbers.Last)),
                DateTimeOffset.FromUnixTimeMilliseconds(read.ValidUntil));
            isBurned = read.Burned;
            return null;
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or InvalidProtocolBufferException or OverflowException)
        {
            return $"expected a lease in the entry, found values that none has: {fault.Message}";
        }
    }

    internal static LeasedCode ToCode(in LeasedIdentity leased) => new()
    {
        Lease = leased.Lease,
        Code = leased.Identity.Code.ToString(),
        Series = leased.Identity.Series.ToString(),
        Number = (uint)leased.Identity.Number,
    };
}

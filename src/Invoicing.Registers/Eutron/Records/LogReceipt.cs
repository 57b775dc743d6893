using System.Collections.Immutable;
using Invoicing.Hashing;

namespace Invoicing.Registers.Eutron.Records;

/// <summary>Everything that the log holds of one receipt. Immutable.</summary>
/// <param name="Number">Its number, 0..999999.</param>
/// <param name="Stamp">Date and time of its REGIS, six bytes.</param>
/// <param name="Records">REGIS to END; without END where the receipt was never closed.</param>
/// <param name="Tend">A payment that stands behind END; some firmware writes it there.</param>
internal sealed record LogReceipt(int Number, ReadOnlyMemory<byte> Stamp, ImmutableArray<FlowRecord> Records, FlowRecord? Tend)
{
    /// <summary>
    /// REGIS to END as the register wrote them. A payment behind END is no part of it: whether it was there yet when the log was read must
    /// not make another record of the same receipt.
    /// </summary>
    public ReadOnlyMemory<byte> Bytes { get; } = Joined(Records);

    /// <summary>Hash of <see cref="Bytes"/>.</summary>
    public Sha256Hash Hash { get; } = Sha256Hash.Of(Joined(Records).Span);

    /// <summary>Whether its END is there.</summary>
    public bool IsClosed => Records[^1].Type == FlowType.End;

    /// <summary>Whether the price list changed before it or in it, so that names have to be read again.</summary>
    public bool IsAfterPriceList { get; init; }

    /// <summary>Whether its records contradict each other, as they do where one was damaged unseen: END tells another number than REGIS.</summary>
    public bool IsDoubtful => IsClosed && Records[^1].Receipt != Number;

    private static ReadOnlyMemory<byte> Joined(ImmutableArray<FlowRecord> records)
    {
        using MemoryStream joined = new();
        foreach (FlowRecord record in records)
        {
            joined.Write(record.Bytes.Span);
        }

        return joined.ToArray();
    }
}

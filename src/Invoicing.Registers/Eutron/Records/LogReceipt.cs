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
    /// <summary>Most records of one receipt that are thought to be damaged unseen: one of 256 damaged frames is.</summary>
    private const int MaxDamaged = 2;

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

    /// <summary>
    /// Whether number and time of its REGIS tell it from every other receipt: a clock that lost its battery begins at 2000 again and again, and
    /// a counter that was cleared with it at 1.
    /// </summary>
    public bool HasKey => Stamp.Span[0] != 0;

    /// <summary>
    /// Whether it differs from another reading of it no more than damage leaves it that a frame's sum does not show: as many records, two of
    /// them other ones at most, and the same total.
    /// </summary>
    public bool IsLike(LogReceipt other)
    {
        if (Records.Length != other.Records.Length || !IsClosed || !other.IsClosed || Records[^1].Amount != other.Records[^1].Amount)
        {
            return false;
        }

        int differing = 0;
        for (int i = 0; i < Records.Length; i++)
        {
            differing += Records[i].Bytes.Span.SequenceEqual(other.Records[i].Bytes.Span) ? 0 : 1;
        }

        return differing <= MaxDamaged;
    }

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

using System.Buffers.Binary;
using Invoicing.Hashing;
using Invoicing.Registers.Eutron.Records;

namespace Invoicing.Registers.Eutron;

/// <summary>
/// By what a receipt is known again: in its upper half 32 bits of the hash of REGIS, which has number, date and time, in its lower half 32 bits
/// of the hash of everything that the log holds of it.
/// </summary>
/// <remarks>
/// Of one that was never closed only its REGIS counts: what else it has is no sale, and may be read once with a repeated record and once without.
/// Of the 65,536 receipts that are remembered of a register two different ones bear the same mark with a chance of 1 in 8 thousand million.
/// </remarks>
/// <param name="Value">The bits.</param>
internal readonly record struct ReceiptMark(ulong Value)
{
    /// <summary>Bytes of a mark.</summary>
    public const int Length = sizeof(ulong);

    private const int KeyShift = 32;

    /// <summary>What receipts have in common that were begun with the same number at the same second; nearly never two different ones.</summary>
    public uint Key => (uint)(Value >> KeyShift);

    /// <summary>The mark of a receipt.</summary>
    public static ReceiptMark Of(LogReceipt receipt)
    {
        var begin = Sha256Hash.Of(receipt.Records[0].Bytes.Span);
        return new(((ulong)Bits(begin) << KeyShift) | Bits(receipt.IsClosed ? receipt.Hash : begin));
    }

    /// <summary>Marks as they are kept, one after the other.</summary>
    public static byte[] ToBytes(ReadOnlySpan<ReceiptMark> marks)
    {
        byte[] bytes = new byte[marks.Length * Length];
        for (int i = 0; i < marks.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * Length), marks[i].Value);
        }

        return bytes;
    }

    /// <summary>Reads marks as they were kept.</summary>
    public static ReceiptMark[] Read(ReadOnlySpan<byte> bytes)
    {
        var marks = new ReceiptMark[bytes.Length / Length];
        for (int i = 0; i < marks.Length; i++)
        {
            marks[i] = new(BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * Length)..]));
        }

        return marks;
    }

    private static uint Bits(in Sha256Hash hash)
    {
        Span<byte> bytes = stackalloc byte[Sha256Hash.Length];
        hash.CopyTo(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}

using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Invoicing.Registers.Eutron;

/// <summary>What has to be remembered of a register from one start to the next, in its book of captures. Immutable.</summary>
/// <param name="Ecr">ECR number that it told first; <see langword="null"/> while it told none.</param>
/// <param name="Epoch">The life of its counters that is being read.</param>
/// <param name="HasZero">Whether 000000 follows 999999 on this register; if not, 000001 does.</param>
/// <param name="IsAhead">Whether the register's pointer may stand behind receipts that were not dealt with: the log is read from its head then.</param>
/// <param name="IsLost">Whether the place in the log was not found: it is looked for again at each start, until it is, or a person has decided.</param>
/// <param name="Sequence">Highest sequence of the life that was dealt with; 0 if none was.</param>
/// <param name="Released">
/// Mark of the receipt at which the line was stopped because nothing proved that it is new; if it is met again with the line open, a person has decided.
/// </param>
/// <param name="Table">Piece of the book that holds the articles' names; 0 if none does.</param>
/// <param name="Index">Newest piece of the book that holds marks (<see cref="KnownReceipts"/>); 0 if none does.</param>
internal sealed record EutronMemory(
    ushort? Ecr, ulong Epoch, bool HasZero, bool IsAhead, bool IsLost, ulong Sequence, ReceiptMark Released, long Table, long Index)
{
    /// <summary>Most marks in the state: with its head 3.2 KiB of the 4 that a state may have.</summary>
    public const int MaxRecent = 400;

    /// <summary>Marks that stay in the state when the older ones go to a piece of the book.</summary>
    public const int KeptRecent = 64;

    private const byte Version = 3;
    private const int HeadLength = 48;

    /// <summary>Marks of the receipts that were dealt with last, the newest at the end, over all lives.</summary>
    public ImmutableArray<ReceiptMark> Recent { get; init; } = [];

    /// <summary>
    /// Its bytes: version, flags (1 has an ECR number, 2 has zero, 4 ahead, 8 lost), ECR number, epoch, sequence, released, table, index, number of marks, marks;
    /// numbers little-endian.
    /// </summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[HeadLength + (Recent.Length * ReceiptMark.Length)];
        Span<byte> rest = bytes;
        rest[0] = Version;
        rest[1] = (byte)((Ecr is null ? 0 : 1) | (HasZero ? 2 : 0) | (IsAhead ? 4 : 0) | (IsLost ? 8 : 0));
        BinaryPrimitives.WriteUInt16LittleEndian(rest[2..], Ecr ?? 0);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[4..], Epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[12..], Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[20..], Released.Value);
        BinaryPrimitives.WriteInt64LittleEndian(rest[28..], Table);
        BinaryPrimitives.WriteInt64LittleEndian(rest[36..], Index);
        BinaryPrimitives.WriteInt32LittleEndian(rest[44..], Recent.Length);
        ReceiptMark.ToBytes(Recent.AsSpan()).CopyTo(rest[HeadLength..]);
        return bytes;
    }

    /// <summary>Reads what was kept.</summary>
    /// <returns><see langword="null"/> if nothing was.</returns>
    /// <exception cref="InvoicingException">Something else was kept.</exception>
    public static EutronMemory? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return null;
        }

        bool isKnown = bytes.Length >= HeadLength && bytes[0] == Version
            && bytes.Length == HeadLength + ((long)BinaryPrimitives.ReadInt32LittleEndian(bytes[44..]) * ReceiptMark.Length);
        return !isKnown
            ? throw new InvoicingException(
                $"expected what was remembered of a Eutron register, version {Version}, found version {bytes[0]} in {bytes.Length} bytes; "
                + "its book of captures belongs to another driver: name the register otherwise")
            : new(
                (bytes[1] & 1) == 0 ? null : BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[4..]),
                (bytes[1] & 2) != 0,
                (bytes[1] & 4) != 0,
                (bytes[1] & 8) != 0,
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[12..]),
                new(BinaryPrimitives.ReadUInt64LittleEndian(bytes[20..])),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[28..]),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[36..]))
            {
                Recent = [.. ReceiptMark.Read(bytes[HeadLength..])],
            };
    }
}

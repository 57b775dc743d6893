using System.Buffers.Binary;
using System.Text;

namespace Invoicing.Registers.Eutron.Records;

/// <summary>One record of the sales log: FunN and the packed fields behind it.</summary>
/// <remarks>
/// FunN: bits 0 to 4 the type, bit 5 unused, bit 6 a cancellation, bit 7 negative. Fields that are no digits read as <see langword="null"/>:
/// whoever needs them cannot read the receipt then. Source: registers.md §3.1.
/// </remarks>
internal readonly struct FlowRecord
{
    private const int TypeBits = 0x1F;
    private const int CancelledBit = 0x40;
    private const int NegativeBit = 0x80;

    /// <summary>Most parts of a payment.</summary>
    private const int MaxTenders = 8;

    /// <summary>Lengths with FunN by type; 0 for those that are not known or have no fixed one.</summary>
    private static readonly byte[] Lengths =
        [0, 0, 12, 21, 15, 6, 2, 0, 2, 15, 8, 13, 6, 14, 14, 35, 17, 32, 40, 2, 3, 11, 13, 8, 15, 8, 9, 15];

    private FlowRecord(FlowType type, ReadOnlyMemory<byte> bytes)
    {
        Type = type;
        Bytes = bytes;
    }

    /// <summary>What it is.</summary>
    public FlowType Type { get; }

    /// <summary>FunN and its fields, nothing behind them.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Whether bit 7 of FunN is set.</summary>
    public bool IsNegative => Type != FlowType.Unknown && (Bytes.Span[0] & NegativeBit) != 0;

    /// <summary>Whether bit 6 of FunN is set.</summary>
    public bool IsCancelled => Type != FlowType.Unknown && (Bytes.Span[0] & CancelledBit) != 0;

    /// <summary>Receipt number of REGIS, END, SUBTOTAL.</summary>
    public int? Receipt => Type == FlowType.Register ? (int?)Bcd.Read(At(5, 3)) : (int?)Bcd.Read(At(1, 3));

    /// <summary>Amount in đồng, without a sign.</summary>
    public long? Amount => Type switch
    {
        FlowType.Department => Bcd.Read(At(7, 5)),
        FlowType.Plu => Bcd.Read(At(14, 5)),
        FlowType.End => Bcd.Read(At(4, 6)),
        FlowType.DiscountPercent or FlowType.SubtotalPercent => Bcd.Read(At(3, 5)),
        FlowType.DiscountAmount or FlowType.SubtotalAmount or FlowType.TotalVoid => Bcd.Read(At(1, 5)),
        FlowType.PaidOut => Bcd.Read(At(3, 5)),
        FlowType.Tax => Bcd.Read(At(2, 5)),
        FlowType.Subtotal => Bcd.Read(At(4, 5)),
        _ => null,
    };

    /// <summary>Quantity in thousandths, without a sign, of DEPT and PLU.</summary>
    public long? Quantity => Type == FlowType.Plu ? Bcd.Read(At(10, 4)) : Bcd.Read(At(3, 4));

    /// <summary>Article of PLU, DISCADD, DIRECT.</summary>
    public long? Article => Type switch
    {
        FlowType.Plu => Bcd.Read(At(1, 7)),
        FlowType.DiscountPercent => Bcd.Read(At(8, 7)),
        FlowType.DiscountAmount => Bcd.Read(At(6, 7)),
        _ => null,
    };

    /// <summary>Department of DEPT and PLU.</summary>
    public int Department => BinaryPrimitives.ReadUInt16LittleEndian(Type == FlowType.Plu ? At(8, 2) : At(1, 2));

    /// <summary>ECR number of REGIS and ECRNO.</summary>
    public ushort Ecr => BinaryPrimitives.ReadUInt16LittleEndian(At(1, 2));

    /// <summary>Cashier of REGIS and OPER; mode of LOCK.</summary>
    public byte Operator => Type == FlowType.Register ? Bytes.Span[3] : Bytes.Span[1];

    /// <summary>The tax's rate in hundredths of a percent.</summary>
    public long? Rate => Bcd.Read(At(7, 3));

    /// <summary>The tax.</summary>
    public long? Tax => Bcd.Read(At(10, 5));

    /// <summary>What was given, by tender index from 1; negative is change.</summary>
    public IEnumerable<(int Index, long? Amount)> Tenders
    {
        get
        {
            for (int at = 2; at + 6 <= Bytes.Length; at += 6)
            {
                byte type = Bytes.Span[at];
                long? amount = Bcd.Read(Bytes.Span.Slice(at + 1, 5));
                yield return (type & 0x7F, (type & NegativeBit) == 0 ? amount : -amount);
            }
        }
    }

    /// <summary>Text of NETID.</summary>
    public string Text => Encoding.Latin1.GetString(At(1, 8)).TrimEnd('\0', ' ');

    /// <summary>The date and time of REGIS as its six bytes: what tells one receipt from another of the same number.</summary>
    public ReadOnlyMemory<byte> Stamp => Bytes.Slice(8, 6);

    /// <summary>The register's local time of REGIS or END; <see langword="null"/> if it is none.</summary>
    public DateTime? Time => TimeOf(Type == FlowType.Register ? At(8, 6) : At(Bytes.Length - 5, 5));

    /// <summary>Reads year, month, day, hour, minute and, if there is a sixth byte, second; <see langword="null"/> if they are no time.</summary>
    public static DateTime? TimeOf(ReadOnlySpan<byte> bytes)
    {
        int[] parts = new int[6];
        for (int i = 0; i < bytes.Length; i++)
        {
            parts[i] = Bcd.Two(bytes[i]);
        }

        bool isTime = parts is [>= 0, >= 1 and <= 12, >= 1, >= 0 and <= 23, >= 0 and <= 59, >= 0 and <= 59]
            && parts[2] <= DateTime.DaysInMonth(2000 + parts[0], parts[1]);
        return isTime
            ? new DateTime(2000 + parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], DateTimeKind.Unspecified)
            : null;
    }

    /// <summary>Length of the record that bytes begin with, FunN counted.</summary>
    /// <returns>0 if its type is not known.</returns>
    public static int LengthOf(ReadOnlySpan<byte> bytes)
    {
        int type = bytes[0] & TypeBits;
        return type != (int)FlowType.Tend ? type < Lengths.Length ? Lengths[type] : 0
            : bytes.Length > 1 && (bytes[1] & 0xF) <= MaxTenders ? 2 + (6 * (bytes[1] & 0xF))
            : 0;
    }

    /// <summary>Reads a record.</summary>
    /// <param name="bytes">FunN and what follows.</param>
    /// <returns>The record; one of type <see cref="FlowType.Unknown"/> if its type is not known or its bytes are too few.</returns>
    public static FlowRecord Read(ReadOnlyMemory<byte> bytes)
    {
        int length = bytes.IsEmpty ? 0 : LengthOf(bytes.Span);
        return length == 0 || length > bytes.Length
            ? new(FlowType.Unknown, bytes)
            : new((FlowType)(bytes.Span[0] & TypeBits), bytes[..length]);
    }

    private ReadOnlySpan<byte> At(int start, int length) => Bytes.Span.Slice(start, length);
}

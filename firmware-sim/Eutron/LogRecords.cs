using System.Buffers.Binary;
using System.Text;
using FirmwareSim.Tills;

namespace FirmwareSim.Eutron;

/// <summary>A receipt as records of the sales log: FunN and a packed structure each (§3.1).</summary>
/// <remarks>Codes only: names are in the table of articles. Amounts have no decimals, quantities three.</remarks>
internal static class LogRecords
{
    public const byte Negative = 0x80;
    public const byte Cancels = 0x40;

    /// <summary>The number after which the receipt counter is 1 again: three bytes of BCD.</summary>
    public const long LastReceipt = 999_999;

    private const int NetIdLength = 8;

    /// <summary>What is in the log as soon as a receipt was begun: its start and what was rung up.</summary>
    public static IEnumerable<byte[]> Begin(RungReceipt receipt, string identity)
    {
        if (receipt.Class == ReceiptClass.DayClose)
        {
            yield break;
        }

        yield return [(byte)RecordType.Register, .. Number(NumberOf(identity)), 1, 0, .. PackedBcd.Of(receipt.Number, 3), .. Clock(receipt.Opened, 6)];
        yield return [(byte)RecordType.NetId, .. NetId(identity)];
        foreach (RungLine line in receipt.Lines)
        {
            yield return Plu(receipt, line);
            if (line.Discount != 0)
            {
                yield return [Signed(RecordType.LineAmount, -line.Discount), .. PackedBcd.Of(Math.Abs(line.Discount), 5), .. PackedBcd.Of(line.Plu, 7)];
            }
        }
    }

    /// <summary>What ends a receipt; nothing for one that never ended.</summary>
    public static IEnumerable<byte[]> End(RungReceipt receipt)
    {
        if (receipt.Class == ReceiptClass.DayClose || receipt.Interruption == Interruption.NeverEnded)
        {
            yield break;
        }

        bool isVoid = receipt.Class == ReceiptClass.Cancelled;
        if (receipt.Discount != 0)
        {
            byte[] percent = PackedBcd.Of(receipt.DiscountHundredths, 2);
            yield return [Signed(RecordType.SubtotalDiscount, -receipt.Discount), .. percent, .. PackedBcd.Of(Math.Abs(receipt.Discount), 5)];
        }

        if (!isVoid || receipt.IsAfterTotal)
        {
            yield return Tender(receipt);
        }

        if (isVoid)
        {
            yield return [(byte)RecordType.TotalVoid, .. PackedBcd.Of(Math.Abs(receipt.Total), 5), .. Clock(receipt.Time, 5)];
        }

        byte end = isVoid || receipt.Total < 0 ? (byte)((byte)RecordType.End | Negative) : (byte)RecordType.End;
        yield return [end, .. PackedBcd.Of(receipt.Number, 3), .. PackedBcd.Of(isVoid ? 0 : Math.Abs(receipt.Total), 6), .. Clock(receipt.Time, 5)];
    }

    /// <summary>The number that a register of this name has among those of its shop: the digits that end it, as 16 bits.</summary>
    public static ushort NumberOf(string identity)
    {
        const int Digits = 4;
        string tail = new([.. identity.Where(char.IsAsciiDigit).TakeLast(Digits)]);
        int number = tail.Aggregate(0, (sum, digit) => (sum * 10) + (digit - '0'));

        // The register that takes this one's place has the same digits and another name.
        return (ushort)(identity.EndsWith('B') ? number + 10_000 : number);
    }

    private static byte[] NetId(string identity) => Encoding.ASCII.GetBytes(identity.Length > NetIdLength ? identity[^NetIdLength..] : identity.PadRight(NetIdLength));

    private static byte[] Plu(RungReceipt receipt, RungLine line)
    {
        // In a sale a line of a negative quantity takes an earlier one back; in a refund it is what came back.
        bool isRefund = receipt.Class == ReceiptClass.Refund;
        bool takesBack = isRefund ? line.Quantity > 0 : line.Quantity < 0;
        byte kind = (byte)((byte)RecordType.Plu | (isRefund ? Negative : 0) | (takesBack ? Cancels : 0));
        return
        [
            kind, .. PackedBcd.Of(line.Plu, 7), .. Number((ushort)line.Department), .. PackedBcd.Of(Math.Abs(line.Quantity), 4),
            .. PackedBcd.Of(Math.Abs(line.Gross), 5), 0, 0,
        ];
    }

    private static byte[] Tender(RungReceipt receipt) =>
    [
        (byte)RecordType.Tender, (byte)receipt.Payments.Length,
        .. receipt.Payments.SelectMany(part => (byte[])[(byte)((byte)part.Means | (part.Amount < 0 ? Negative : 0)), .. PackedBcd.Of(Math.Abs(part.Amount), 5)]),
    ];

    private static byte Signed(RecordType type, long amount) => (byte)((byte)type | (amount < 0 ? Negative : 0));

    private static byte[] Number(ushort value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        return bytes;
    }

    /// <summary>YY MM DD hh mm and, with six bytes, ss.</summary>
    private static byte[] Clock(DateTime time, int bytes)
    {
        int[] parts = [time.Year % 100, time.Month, time.Day, time.Hour, time.Minute, time.Second];
        return [.. parts.Take(bytes).Select(part => PackedBcd.Of(part, 1)[0])];
    }
}

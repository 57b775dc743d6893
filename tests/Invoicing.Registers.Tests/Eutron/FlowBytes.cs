using System.Buffers.Binary;

namespace Invoicing.Registers.Tests.Eutron;

/// <summary>Log records as a register writes them; written for the tests from registers.md §3.1.</summary>
internal static class FlowBytes
{
    internal const byte Negative = 0x80;
    internal const byte Cancelled = 0x40;

    internal static byte[] Regis(int receipt, DateTime at, ushort ecr = 7) =>
        [13, .. U16(ecr), 1, 0, .. Bcd(receipt, 3), .. Bcd(at.Year % 100, 1), .. Bcd(at.Month, 1), .. Bcd(at.Day, 1), .. Bcd(at.Hour, 1),
            .. Bcd(at.Minute, 1), .. Bcd(at.Second, 1)];

    internal static byte[] Plu(long code, long thousandths, long amount, byte bits = 0, ushort department = 5) =>
        [(byte)(3 | bits), .. Bcd(code, 7), .. U16(department), .. Bcd(thousandths, 4), .. Bcd(amount, 5), .. U16(0)];

    internal static byte[] Dept(ushort department, long thousandths, long amount, byte bits = 0) =>
        [(byte)(2 | bits), .. U16(department), .. Bcd(thousandths, 4), .. Bcd(amount, 5)];

    internal static byte[] Discount(long code, long amount, byte bits = Negative) => [(byte)(11 | bits), .. Bcd(amount, 5), .. Bcd(code, 7)];

    internal static byte[] SubDiscount(long amount, byte bits = Negative) => [(byte)(10 | bits), .. Bcd(500, 2), .. Bcd(amount, 5)];

    internal static byte[] Tax(long net, int hundredths, long tax) => [27, 1, .. Bcd(net, 5), .. Bcd(hundredths, 3), .. Bcd(tax, 5)];

    internal static byte[] Tend(params (int Index, long Amount)[] parts) =>
        [7, (byte)parts.Length, .. parts.SelectMany(part => new[] { (byte)(part.Index | (part.Amount < 0 ? 0x80 : 0)) }.Concat(Bcd(Math.Abs(part.Amount), 5)))];

    internal static byte[] End(int receipt, long amount, DateTime at, byte bits = 0) =>
        [(byte)(4 | bits), .. Bcd(receipt, 3), .. Bcd(amount, 6), .. Bcd(at.Year % 100, 1), .. Bcd(at.Month, 1), .. Bcd(at.Day, 1),
            .. Bcd(at.Hour, 1), .. Bcd(at.Minute, 1)];

    internal static byte[] TotalVoid(long amount) => [21, .. Bcd(amount, 5), 0x26, 0x11, 0x22, 0x14, 0x06];

    internal static byte[] PaidOut(long amount) => [25, .. U16(1), .. Bcd(amount, 5)];

    internal static byte[] Lock(byte mode) => [8, mode];

    internal static byte[] PriceList() => [19, 2];

    internal static byte[] Row(long code, string name) =>
        [0, .. Bcd(code, 7), .. System.Text.Encoding.Latin1.GetBytes(name.PadRight(25)), 0, 0, 5, 0, .. new byte[31]];

    /// <summary>A receipt of one article.</summary>
    internal static List<byte[]> Sale(int receipt, DateTime at, long amount = 20_000, long code = 1) =>
        [Regis(receipt, at), Plu(code, 1_000, amount), Tend((1, amount)), End(receipt, amount, at)];

    internal static byte[] Bcd(long value, int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)((value / 10 % 10 << 4) | (value % 10));
            value /= 100;
        }

        return bytes;
    }

    private static byte[] U16(ushort value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        return bytes;
    }
}

using Invoicing.Registers.Datecs.Isl;

namespace Invoicing.Registers.Tests.Datecs;

/// <summary>Writes replies, as a register does; shares nothing with the reader under test but the dialect's name.</summary>
internal static class FrameWriter
{
    internal static byte[] Quiet(IslDialect dialect) =>
        dialect == IslDialect.X ? [0x80, 0x80, 0x80, 0x80, 0x86, 0x9A, 0x80, 0x80] : [0x80, 0x80, 0x80, 0x80, 0x86, 0x92];

    internal static byte[] Reply(IslDialect dialect, byte sequence, int command, ReadOnlySpan<byte> data, byte[] status)
    {
        List<byte> content = [];
        foreach (byte b in data)
        {
            if (dialect == IslDialect.Legacy && b < 0x20 && b is not 0x09 and not 0x0A)
            {
                content.AddRange([0x10, (byte)(b + 0x40)]);
            }
            else
            {
                content.Add(b);
            }
        }

        List<byte> behind = [sequence, .. Number(dialect, command), .. content, 0x04, .. status, 0x05];
        int length = behind.Count + (dialect == IslDialect.X ? 4 : 1) + 0x20;
        List<byte> body = [.. Number(dialect, length), .. behind];
        int sum = body.Sum(b => b) & 0xFFFF;
        return [0x01, .. body, .. Digits(sum), 0x03];
    }

    private static byte[] Number(IslDialect dialect, int number) => dialect == IslDialect.X ? Digits(number) : [(byte)number];

    private static byte[] Digits(int number) =>
        [(byte)(0x30 + (number >> 12)), (byte)(0x30 + ((number >> 8) & 15)), (byte)(0x30 + ((number >> 4) & 15)), (byte)(0x30 + (number & 15))];
}

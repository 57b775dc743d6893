namespace Invoicing.Registers.Eutron.Framing;

/// <summary>The frame of a record on a serial line, either way: <c>LEN data[LEN] CHK</c>, after <c>01</c> was answered by <c>06</c>.</summary>
/// <remarks>Source: registers.md §3.1. CHK makes LEN + data + CHK a multiple of 256.</remarks>
internal static class EutronFrame
{
    /// <summary>Asks to send a record.</summary>
    public const byte Start = 0x01;

    /// <summary>Yes.</summary>
    public const byte Ack = 0x06;

    /// <summary>No.</summary>
    public const byte Nak = 0x15;

    /// <summary>Longest data of a record.</summary>
    public const int MaxData = 253;

    /// <summary>LEN, data, CHK.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> data)
    {
        ArgumentOutOfRangeException.ThrowIfZero(data.Length, nameof(data));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, MaxData, nameof(data));
        byte[] frame = new byte[data.Length + 2];
        frame[0] = (byte)data.Length;
        data.CopyTo(frame.AsSpan(1));
        frame[^1] = Check(frame.AsSpan(..^1));
        return frame;
    }

    /// <summary>A command: its letter and a number.</summary>
    public static byte[] Command(char letter, ushort type) => [(byte)letter, (byte)(type & 0xFF), (byte)(type >> 8)];

    /// <summary>The byte that makes the sum of all a multiple of 256.</summary>
    public static byte Check(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (byte next in bytes)
        {
            sum = unchecked((byte)(sum + next));
        }

        return unchecked((byte)-sum);
    }
}

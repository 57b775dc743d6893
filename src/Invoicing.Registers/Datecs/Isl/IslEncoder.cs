using System.Buffers;

namespace Invoicing.Registers.Datecs.Isl;

/// <summary>Writes requests.</summary>
internal static class IslEncoder
{
    /// <summary>Longest data of a request, with its escapes: what the registers' documents allow.</summary>
    public const int MaxData = 213;

    private const byte Tab = 0x09;
    private const byte LineFeed = 0x0A;

    /// <summary>Writes a request.</summary>
    /// <exception cref="ArgumentException">The data are longer than a request may be, or hold what the dialect cannot say.</exception>
    public static byte[] Request(IslDialect dialect, byte sequence, int command, ReadOnlySpan<byte> data)
    {
        byte[] escaped = Escape(dialect, data);
        if (escaped.Length > MaxData)
        {
            throw new ArgumentException($"expected at most {MaxData} bytes of data, found {escaped.Length}", nameof(data));
        }

        int counted = IslShape.RequestOverhead(dialect) + escaped.Length;
        byte[] frame = new byte[1 + counted + 5];
        int digits = IslShape.Digits(dialect);
        frame[0] = IslShape.Start;
        if (dialect == IslDialect.Legacy)
        {
            frame[1] = (byte)(IslShape.LengthBase + counted);
            frame[3] = (byte)command;
        }
        else
        {
            IslShape.WriteDigits(IslShape.LengthBase + counted, frame.AsSpan(1));
            IslShape.WriteDigits(command, frame.AsSpan(6));
        }

        frame[1 + digits] = sequence;
        escaped.CopyTo(frame.AsSpan(2 + (2 * digits)));
        frame[counted] = IslShape.EndOfBody;
        IslShape.WriteDigits(IslShape.Check(frame.AsSpan(1, counted)), frame.AsSpan(1 + counted));
        frame[^1] = IslShape.End;
        return frame;
    }

    private static byte[] Escape(IslDialect dialect, ReadOnlySpan<byte> data)
    {
        ArrayBufferWriter<byte> escaped = new(data.Length + 1);
        foreach (byte value in data)
        {
            if (value >= 0x20 || value is Tab or LineFeed)
            {
                escaped.Write([value]);
            }
            else if (dialect == IslDialect.Legacy)
            {
                escaped.Write([IslShape.Escape, (byte)(value + 0x40)]);
            }
            else
            {
                throw new ArgumentException($"expected data without control characters, found {value:X2}h", nameof(data));
            }
        }

        return escaped.WrittenSpan.ToArray();
    }
}

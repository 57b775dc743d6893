using System.Text;

namespace FirmwareSim.Datecs;

/// <summary>A packet of the ECR server: Len SET COP 00 LogN Error DATA; Len counts what follows it (§1.7). There is no check.</summary>
/// <param name="Set">Set of operations; 1 here.</param>
/// <param name="Operation">COP.</param>
/// <param name="Log">1 to 99, then 1 again.</param>
/// <param name="Error">0 or what is wrong.</param>
/// <param name="Data">Fields, each with its separator.</param>
internal sealed record PushPacket(byte Set, byte Operation, byte Log, byte Error, string Data)
{
    public const byte SalesSet = 1;
    public const byte Open = 0x01;
    public const byte Close = 0x02;
    public const byte PluAnswer = 0x04;
    public const byte PluRefused = 0x05;
    public const byte Item = 0x80;
    public const byte PluQuery = 0x81;
    public const byte PluQueryByBarCode = 0x84;
    public const byte Discount = 0x86;
    public const byte Payment = 0x88;
    public const byte Closed = 0x92;
    public const byte Opened = 0x95;

    /// <summary>Error of an answer: three applications are there already.</summary>
    public const byte Busy = 2;

    /// <summary>Bytes behind Len before DATA.</summary>
    public const int Header = 5;

    private const int Longest = 0xFE;

    /// <summary>Whether it asks for an article, so that an answer is waited for.</summary>
    public bool IsQuery => Operation is PluQuery or PluQueryByBarCode;

    public byte[] ToBytes()
    {
        byte[] data = Encoding.ASCII.GetBytes(Data);
        return data.Length + Header <= Longest
            ? [(byte)(data.Length + Header), Set, Operation, 0, Log, Error, .. data]
            : throw new FormatException($"a push packet holds {Longest - Header} characters, not {data.Length}");
    }

    /// <summary>Reads the packet that the bytes begin with.</summary>
    /// <returns>The packet and its length; null if it is not whole yet.</returns>
    public static (PushPacket Packet, int Length)? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes.Length < bytes[0] + 1)
        {
            return null;
        }

        // A packet too short for its header says nothing; it is taken off all the same.
        ReadOnlySpan<byte> rest = bytes[1..(bytes[0] + 1)];
        PushPacket packet = rest.Length < Header
            ? new PushPacket(0, 0, 0, 0, string.Empty)
            : new PushPacket(rest[0], rest[1], rest[3], rest[4], Encoding.ASCII.GetString(rest[Header..]));
        return (packet, bytes[0] + 1);
    }
}

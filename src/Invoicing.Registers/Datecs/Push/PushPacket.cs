namespace Invoicing.Registers.Datecs.Push;

/// <summary>A packet of the ECR-server link: <c>Len SET COP 00 LogN Error DATA</c>, Len = the bytes behind it.</summary>
/// <param name="Set">Which set of operations.</param>
/// <param name="Operation">COP: what it says.</param>
/// <param name="Log">Number of the packet, 1 to 99; an answer repeats that of the question.</param>
/// <param name="Error">0, or why not.</param>
/// <param name="Content">The data.</param>
internal sealed record PushPacket(byte Set, byte Operation, byte Log, byte Error, ReadOnlyMemory<byte> Content)
{
    /// <summary>Bytes behind Len in a packet without data.</summary>
    public const int Overhead = 5;

    /// <summary>Largest Len.</summary>
    public const int MaxLength = 0xFE;

    /// <summary>The only set that is spoken.</summary>
    public const byte EcrServer = 0x01;

    /// <summary>Error: the register serves as many applications as it can.</summary>
    public const byte Busy = 0x02;

    /// <summary>Writes the packet.</summary>
    /// <exception cref="InvalidOperationException">The data are longer than a packet may be.</exception>
    public byte[] ToBytes()
    {
        int length = Overhead + Content.Length;
        return length <= MaxLength
            ? [(byte)length, Set, Operation, 0, Log, Error, .. Content.Span]
            : throw new InvalidOperationException($"expected at most {MaxLength - Overhead} bytes of data, found {Content.Length}");
    }
}

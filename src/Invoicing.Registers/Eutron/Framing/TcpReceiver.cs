namespace Invoicing.Registers.Eutron.Framing;

/// <summary>Puts packets of the TCP dialect together, byte by byte. Pure: no line, no clock. Memory: one packet.</summary>
internal sealed class TcpReceiver
{
    private readonly byte[] _packet = new byte[TcpPacket.HeaderLength + byte.MaxValue];

    /// <summary>Bytes of the packet that is under way.</summary>
    public int Have { get; private set; }

    /// <summary>Forgets what is half there.</summary>
    public void Reset() => Have = 0;

    /// <summary>Takes the next byte.</summary>
    /// <returns>The packet that is whole by it; <see langword="null"/> if none is.</returns>
    public TcpPacket? Take(byte next)
    {
        _packet[Have++] = next;
        ReadOnlySpan<byte> bytes = _packet.AsSpan(0, Have);
        if (!TcpPacket.TryRead(ref bytes, out TcpPacket whole))
        {
            return null;
        }

        Have = 0;
        return whole;
    }
}

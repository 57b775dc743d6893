namespace Invoicing.Registers.Datecs.Push;

/// <summary>
/// Takes apart the stream of packets, in any pieces. There is no mark to find the next packet by, so the first that cannot be one ends the
/// stream: <see cref="Fault"/>. Holds at most one packet. Not safe for several threads.
/// </summary>
internal sealed class PushDecoder
{
    private readonly byte[] _held = new byte[1 + PushPacket.MaxLength];
    private int _count;

    /// <summary>What was expected and what was found; <see langword="null"/> while the stream is well formed.</summary>
    public string? Fault { get; private set; }

    /// <summary>Takes what is needed from the input and gives the next packet.</summary>
    /// <param name="input">The bytes; what was taken is cut off.</param>
    /// <param name="packet">The packet.</param>
    /// <returns>The packet, if there is one; if not, all of the input was taken, or the stream has a fault.</returns>
    public bool TryRead(ref ReadOnlySpan<byte> input, out PushPacket? packet)
    {
        packet = null;
        while (Fault is null && !input.IsEmpty)
        {
            int whole = _count == 0 ? 1 : 1 + _held[0];
            int take = Math.Min(input.Length, whole - _count);
            input[..take].CopyTo(_held.AsSpan(_count));
            _count += take;
            input = input[take..];
            Fault = Judge();
            if (Fault is null && _count > 1 && _count == 1 + _held[0])
            {
                packet = new(_held[1], _held[2], _held[4], _held[5], _held.AsMemory(6.._count).ToArray());
                _count = 0;
                return true;
            }
        }

        if (Fault is not null)
        {
            input = [];
        }

        return false;
    }

    private string? Judge() => _held[0] is < PushPacket.Overhead or > PushPacket.MaxLength
        ? $"expected a packet of {PushPacket.Overhead} to {PushPacket.MaxLength} bytes, found a length of {_held[0]}"
        : _count > 3 && _held[3] != 0 ? $"expected 00 in the fourth place of a packet, found {_held[3]:X2}" : null;
}

using FirmwareSim.Datecs;

namespace FirmwareSim.Replay;

/// <summary>Compares and rewrites Datecs frames without regard to SEQ: a gateway may have asked something else before.</summary>
internal sealed class SequenceStamp(IslDialect dialect)
{
    private readonly Dictionary<byte, byte> _came = [];

    private int SequencePlace => dialect == IslDialect.X ? 5 : 2;

    /// <summary>Length of the frame that the bytes begin with; null if they begin with none, or with half of one.</summary>
    public static int? FrameLength(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf(IslFrames.End);
        return bytes.Length > 0 && bytes[0] == IslFrames.Start && end > 0 ? end + 1 : null;
    }

    /// <summary>Whether a request is the recorded one but for its SEQ; remembers which SEQ stands for the recorded one.</summary>
    public bool IsSame(byte[] recorded, byte[] came)
    {
        if (recorded.Length != came.Length || recorded.Length <= SequencePlace + IslFrames.Check([]).Length)
        {
            return false;
        }

        if (!Stamped(came, recorded[SequencePlace]).AsSpan().SequenceEqual(recorded))
        {
            return false;
        }

        _came[recorded[SequencePlace]] = came[SequencePlace];
        return true;
    }

    /// <summary>Bytes of the register with the SEQ that the gateway expects in every whole frame.</summary>
    public byte[] Rewrite(byte[] recorded)
    {
        byte[] bytes = [.. recorded];
        for (int at = 0; at < bytes.Length; at++)
        {
            if (FrameLength(bytes.AsSpan(at)) is int length && length > SequencePlace + 5 && _came.TryGetValue(bytes[at + SequencePlace], out byte sequence))
            {
                Stamped(bytes.AsSpan(at, length).ToArray(), sequence).CopyTo(bytes, at);
                at += length - 1;
            }
        }

        return bytes;
    }

    private byte[] Stamped(byte[] frame, byte sequence)
    {
        byte[] stamped = [.. frame];
        stamped[SequencePlace] = sequence;

        // Only a frame whose check was right gets a right one: a damaged frame stays damaged.
        ReadOnlySpan<byte> body = frame.AsSpan(1, frame.Length - 6);
        if (IslFrames.Check(body).AsSpan().SequenceEqual(frame.AsSpan(frame.Length - 5, 4)))
        {
            IslFrames.Check(stamped.AsSpan(1, frame.Length - 6)).CopyTo(stamped, frame.Length - 5);
        }

        return stamped;
    }
}

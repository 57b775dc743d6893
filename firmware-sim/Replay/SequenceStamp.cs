using FirmwareSim.Datecs;

namespace FirmwareSim.Replay;

/// <summary>Compares and rewrites Datecs frames without regard to SEQ: a gateway may have asked something else before.</summary>
/// <remarks>Of which dialect a frame is shows in the frame: a gateway that finds it out asks in both.</remarks>
internal sealed class SequenceStamp
{
    private const int PlaceInX = 5;
    private const int PlaceInLegacy = 2;

    /// <summary>01 and, at the end, four bytes of check and 03; LEN counts the rest.</summary>
    private const int Around = 6;

    private readonly Dictionary<byte, byte> _came = [];

    /// <summary>Length of the frame that the bytes begin with; null if they begin with none, or with half of one.</summary>
    public static int? FrameLength(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf(IslFrames.End);
        return bytes.Length > 0 && bytes[0] == IslFrames.Start && end > 0 ? end + 1 : null;
    }

    /// <summary>Whether a request is the recorded one but for its SEQ; remembers which SEQ stands for the recorded one.</summary>
    public bool IsSame(byte[] recorded, byte[] came)
    {
        int place = SequencePlace(recorded);
        if (recorded.Length != came.Length || recorded.Length < place + Around)
        {
            return false;
        }

        if (!Stamped(came, place, recorded[place]).AsSpan().SequenceEqual(recorded))
        {
            return false;
        }

        _came[recorded[place]] = came[place];
        return true;
    }

    /// <summary>Bytes of the register with the SEQ that the gateway expects in every whole frame.</summary>
    public byte[] Rewrite(byte[] recorded)
    {
        byte[] bytes = [.. recorded];
        for (int at = 0; at < bytes.Length; at++)
        {
            if (FrameLength(bytes.AsSpan(at)) is not int length || SequencePlace(bytes.AsSpan(at, length)) is var place && length < place + Around)
            {
                continue;
            }

            if (_came.TryGetValue(bytes[at + place], out byte sequence))
            {
                Stamped(bytes.AsSpan(at, length).ToArray(), place, sequence).CopyTo(bytes, at);
                at += length - 1;
            }
        }

        return bytes;
    }

    private static int SequencePlace(ReadOnlySpan<byte> frame) =>
        frame.Length > PlaceInX && IslFrames.Nibbles(frame[1..PlaceInX]) == frame.Length - Around + IslFrames.LengthBase ? PlaceInX : PlaceInLegacy;

    private static byte[] Stamped(byte[] frame, int place, byte sequence)
    {
        byte[] stamped = [.. frame];
        stamped[place] = sequence;

        // Only a frame whose check was right gets a right one: a damaged frame stays damaged.
        ReadOnlySpan<byte> body = frame.AsSpan(1, frame.Length - 6);
        if (IslFrames.Check(body).AsSpan().SequenceEqual(frame.AsSpan(frame.Length - 5, 4)))
        {
            IslFrames.Check(stamped.AsSpan(1, frame.Length - 6)).CopyTo(stamped, frame.Length - 5);
        }

        return stamped;
    }
}

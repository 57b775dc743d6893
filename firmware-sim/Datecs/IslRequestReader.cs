namespace FirmwareSim.Datecs;

/// <summary>Finds requests in the bytes of a host, by their length; what is no frame of this dialect is reported as bad.</summary>
/// <remarks>Holds at most one frame: 300 bytes are more than LEN of the legacy frame and DATA of 213 bytes in the X frame allow.</remarks>
internal sealed class IslRequestReader(IslDialect dialect)
{
    private const int MostFrame = 300;
    private const int Trailer = 5;
    private readonly List<byte> _frame = new(MostFrame);

    private int HeaderLength => dialect == IslDialect.X ? 5 : 2;

    /// <summary>Forgets half a frame: the host has been silent for too long.</summary>
    public void Reset() => _frame.Clear();

    /// <summary>Takes bytes and returns what they complete.</summary>
    public IReadOnlyList<IslRequest> Push(ReadOnlySpan<byte> bytes)
    {
        List<IslRequest> found = [];
        foreach (byte next in bytes)
        {
            if (_frame.Count == 0 && next != IslFrames.Start)
            {
                continue;
            }

            _frame.Add(next);
            if (Judge() is IslRequest request)
            {
                found.Add(request);
                _frame.Clear();
            }
        }

        return found;
    }

    private IslRequest? Judge()
    {
        byte[] raw = [.. _frame];
        if (raw.Length < HeaderLength)
        {
            return null;
        }

        int? length = dialect == IslDialect.X ? IslFrames.Nibbles(raw.AsSpan(1, 4)) : raw[1];
        int total = (length ?? 0) - IslFrames.LengthBase + 1 + Trailer;
        int least = HeaderLength + (dialect == IslDialect.X ? 6 : 3) + Trailer;
        if (length is null || total < least || total > MostFrame)
        {
            // Not our LEN: what ends it is 03, as every frame of the family ends, or the limit.
            return raw[^1] == IslFrames.End || raw.Length >= MostFrame ? IslRequest.Bad(raw) : null;
        }

        return raw.Length < total ? null : Open(raw);
    }

    private IslRequest Open(byte[] raw)
    {
        ReadOnlySpan<byte> body = raw.AsSpan(1, raw.Length - 1 - Trailer);
        ReadOnlySpan<byte> rest = body[(HeaderLength - 1)..];
        int commandLength = dialect == IslDialect.X ? 4 : 1;
        int? command = dialect == IslDialect.X ? IslFrames.Nibbles(rest.Slice(1, commandLength)) : rest[1];
        bool isGood = raw[^1] == IslFrames.End && body[^1] == IslFrames.EndOfBody && command is not null && rest[0] >= IslFrames.LengthBase
            && IslFrames.Check(body).AsSpan().SequenceEqual(raw.AsSpan(raw.Length - Trailer, 4));
        return isGood
            ? new IslRequest(raw, IsGood: true, rest[0], command!.Value, IslFrames.Unescaped(rest[(1 + commandLength)..^1]))
            : IslRequest.Bad(raw);
    }
}

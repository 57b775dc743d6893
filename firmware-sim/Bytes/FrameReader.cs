using System.Buffers.Binary;

namespace FirmwareSim.Bytes;

/// <summary>Cuts a byte stream into frames and makes checks 1 to 8 of TLK/1 §1.3 in their order; the rest needs a session.</summary>
/// <remarks>
/// Any cut of the stream gives the same frames. Memory is one buffer: a longer run is skipped up to its 00 without being kept.
/// What comes before the first 00 of a connection is a boot message and ignored. Not safe for several threads.
/// </remarks>
internal sealed class FrameReader(DropCounters counters, bool fromGateway = true)
{
    private const byte DirectionBit = 0x80;
    private const byte KnownFlags = 0x07;
    private const int LargestBody = 4096;
    private readonly byte[] _run = new byte[Cobs.MaxCoded(LargestBody)];
    private int _length;
    private bool _started;
    private bool _oversize;

    /// <summary>What was thrown away.</summary>
    public DropCounters Counters => counters;

    /// <summary>Largest body taken; a run that is being read is kept.</summary>
    public int MaxBody { get; set; } = Frame.DefaultMaxBody;

    /// <summary>Forgets a half-read frame: the line was cut.</summary>
    public void Reset()
    {
        _length = 0;
        _started = false;
        _oversize = false;
        MaxBody = Frame.DefaultMaxBody;
    }

    /// <summary>Takes bytes up to the next whole frame.</summary>
    /// <param name="bytes">What arrived; moved past what was used.</param>
    /// <param name="frame">The frame, if the result is true.</param>
    /// <returns>False when all bytes are used and no frame is complete.</returns>
    public bool TryRead(ref ReadOnlySpan<byte> bytes, out Frame frame)
    {
        while (!bytes.IsEmpty)
        {
            int zero = bytes.IndexOf((byte)0);
            Keep(zero < 0 ? bytes : bytes[..zero]);
            if (zero < 0)
            {
                bytes = default;
                break;
            }

            bytes = bytes[(zero + 1)..];
            if (EndRun(out frame))
            {
                return true;
            }
        }

        frame = default;
        return false;
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        if (!_started || _oversize || part.IsEmpty)
        {
            return;
        }

        if (_length + part.Length > Cobs.MaxCoded(MaxBody))
        {
            _oversize = true;
            return;
        }

        part.CopyTo(_run.AsSpan(_length));
        _length += part.Length;
    }

    private bool EndRun(out Frame frame)
    {
        frame = default;
        bool started = _started;
        bool oversize = _oversize;
        Span<byte> run = _run.AsSpan(0, _length);
        _started = true;
        _oversize = false;
        _length = 0;
        if (!started || (run.IsEmpty && !oversize))
        {
            return false;
        }

        FrameDrop? drop = oversize ? FrameDrop.Oversize : Check(run, out frame);
        if (drop is FrameDrop reason)
        {
            counters.Add(reason);
            return false;
        }

        return true;
    }

    private FrameDrop? Check(Span<byte> run, out Frame frame)
    {
        frame = default;
        if (!Cobs.TryDecode(run, run, out int length))
        {
            return FrameDrop.Cobs;
        }

        ReadOnlySpan<byte> body = run[..length];
        if (length < Frame.Overhead)
        {
            return FrameDrop.Short;
        }

        if (Frame.Overhead + BinaryPrimitives.ReadUInt16LittleEndian(body[4..]) != length)
        {
            return FrameDrop.Length;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(body[^4..]) != Crc32C.Of(body[..^4]))
        {
            return FrameDrop.Crc;
        }

        if (body[0] != Frame.Version)
        {
            return FrameDrop.Version;
        }

        if ((body[2] & ~KnownFlags) != 0)
        {
            return FrameDrop.Flags;
        }

        if ((body[1] & DirectionBit) != 0 != fromGateway)
        {
            return FrameDrop.Direction;
        }

        frame = new Frame((FrameType)body[1], (FrameFlags)body[2], body[3], body[6..^4].ToArray());
        return null;
    }
}

using System.Buffers.Binary;

namespace Invoicing.Registers.Tlk.Framing;

/// <summary>Cuts bytes into frames, however they arrive, and checks them up to the type (TLK/1 §1.3, 1 to 9).</summary>
/// <remarks>
/// Holds one coded body and nothing else: a run that grows beyond it is skipped, not buffered. Bytes before the first 00 are ignored.
/// </remarks>
internal sealed class TlkFrameDecoder
{
    private readonly byte[] _run = new byte[Cobs.MaxEncodedLength(TlkFrame.LargestMaxBody)];
    private int _length;
    private bool _started;
    private bool _skipping;

    /// <summary>Largest body accepted.</summary>
    internal int MaxBody { get; set; } = TlkFrame.DefaultMaxBody;

    /// <summary>Takes bytes from the front of the input until a run is complete.</summary>
    /// <param name="input">What came in; moved past what was taken.</param>
    /// <param name="run">The run.</param>
    /// <returns>Whether there is a run; <see langword="false"/> only when all input was taken.</returns>
    internal bool TryRead(ref ReadOnlySpan<byte> input, out TlkRun run)
    {
        while (!input.IsEmpty)
        {
            int end = input.IndexOf((byte)0);
            Keep(end < 0 ? input : input[..end]);
            if (end < 0)
            {
                input = [];
                break;
            }

            input = input[(end + 1)..];
            if (Finish(out run))
            {
                return true;
            }
        }

        run = default;
        return false;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (!_started || _skipping || bytes.IsEmpty)
        {
            return;
        }

        if (_length + bytes.Length > Cobs.MaxEncodedLength(MaxBody))
        {
            _skipping = true;
            return;
        }

        bytes.CopyTo(_run.AsSpan(_length));
        _length += bytes.Length;
    }

    private bool Finish(out TlkRun run)
    {
        Span<byte> coded = _run.AsSpan(0, _length);
        bool wasSkipping = _skipping;
        bool isRun = _started && (wasSkipping || _length > 0);
        _started = true;
        _skipping = false;
        _length = 0;
        run = !isRun ? default : wasSkipping ? Refuse(TlkCounter.Oversize) : Check(coded);
        return isRun;
    }

    /// <summary>Checks 2 to 9, in the specification's order.</summary>
    private static TlkRun Check(Span<byte> run)
    {
        int length = Cobs.Decode(run, run);
        if (length < 0)
        {
            return Refuse(TlkCounter.Cobs);
        }

        // body = ver u8 | type u8 | flags u8 | txn u8 | len u16 | payload[len] | crc u32
        ReadOnlySpan<byte> body = run[..length];
        if (length < TlkFrame.Overhead)
        {
            return Refuse(TlkCounter.TooShort);
        }

        if (BinaryPrimitives.ReadUInt16LittleEndian(body[4..]) != length - TlkFrame.Overhead)
        {
            return Refuse(TlkCounter.Length);
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(body[^TlkFrame.CrcLength..]) != Crc32C.Of(body[..^TlkFrame.CrcLength]))
        {
            return Refuse(TlkCounter.Crc);
        }

        byte txn = body[3];
        if (body[0] != TlkFrame.Version)
        {
            return Refuse(TlkCounter.Version, txn);
        }

        var flags = (TlkFlags)body[2];
        if ((flags & ~(TlkFlags.More | TlkFlags.MustUnderstand | TlkFlags.Sealed)) != TlkFlags.None)
        {
            return Refuse(TlkCounter.Flags, txn);
        }

        TlkFrame frame = new((TlkType)body[1], flags, txn, body[TlkFrame.HeadLength..^TlkFrame.CrcLength].ToArray());
        return frame.Type switch
        {
            >= (TlkType)0x80 => Refuse(TlkCounter.Direction, txn),
            TlkType.Hello or TlkType.Rec or TlkType.Ping or TlkType.Status or TlkType.Have or TlkType.Pong or TlkType.Leased or TlkType.Timed
                or TlkType.Error => new(frame, null, txn),
            _ => new(frame, TlkCounter.Type, txn),
        };
    }

    private static TlkRun Refuse(TlkCounter why, byte txn = 0) => new(null, why, txn);
}

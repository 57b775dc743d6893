namespace Invoicing.Registers.Datecs.Isl;

/// <summary>
/// Takes apart what a register sends, in any pieces. A frame is measured by its LEN and never by looking for marks in it, so data may hold any
/// byte; what turns out to be no frame is read again from its second byte, so a frame behind noise is found.
/// </summary>
/// <remarks>Holds at most one frame (<see cref="IslShape.MaxFrame"/>). Not safe for several threads.</remarks>
internal sealed class IslDecoder(IslDialect dialect)
{
    private readonly byte[] _held = new byte[2 * IslShape.MaxFrame(dialect)];
    private int _from;
    private int _to;
    private int _missing = 1;

    /// <summary>Bytes that belonged to nothing, since the beginning.</summary>
    public long Junk { get; private set; }

    private ReadOnlySpan<byte> Held => _held.AsSpan(_from.._to);

    /// <summary>Takes what is needed from the input and gives the next piece.</summary>
    /// <param name="input">The bytes; what was taken is cut off.</param>
    /// <param name="piece">The piece.</param>
    /// <returns>Whether there was one; if not, all of the input was taken.</returns>
    public bool TryRead(ref ReadOnlySpan<byte> input, out IslPiece piece)
    {
        while (true)
        {
            if (Next() is { } next)
            {
                piece = next;
                return true;
            }

            if (input.IsEmpty)
            {
                piece = IslPiece.Damaged.Sign;
                return false;
            }

            int count = Math.Min(input.Length, _missing);
            if (_to + count > _held.Length)
            {
                Held.CopyTo(_held);
                (_from, _to) = (0, _to - _from);
            }

            input[..count].CopyTo(_held.AsSpan(_to));
            _to += count;
            input = input[count..];
        }
    }

    /// <summary>Gives up a frame that began and does not go on: nothing came for as long as a register may pause.</summary>
    /// <returns>Whether there was one. What stands behind its first byte is read again.</returns>
    public bool GiveUp()
    {
        if (_to == _from)
        {
            return false;
        }

        Drop(1);
        Junk++;
        return true;
    }

    /// <summary>Forgets what is held.</summary>
    public void Clear() => (_from, _to, _missing) = (0, 0, 1);

    private IslPiece? Next()
    {
        while (_to > _from)
        {
            switch (_held[_from])
            {
                case IslShape.Start:
                    int length = Measure();
                    if (length < 0)
                    {
                        return null;
                    }

                    if (length > 0)
                    {
                        return Take(length);
                    }

                    break;
                case IslShape.Syn:
                    Drop(1);
                    return IslPiece.Busy.Sign;
                case IslShape.Nak:
                    Drop(1);
                    return IslPiece.Refused.Sign;
                default:
                    break;
            }

            Drop(1);
            Junk++;
        }

        _missing = 1;
        return null;
    }

    /// <summary>How long the frame at the beginning is.</summary>
    /// <returns>All its bytes if they are here; -1 if more must come first; 0 if it is none.</returns>
    private int Measure()
    {
        int digits = IslShape.Digits(dialect);
        ReadOnlySpan<byte> held = Held;
        if (held.Length < 1 + digits)
        {
            _missing = 1 + digits - held.Length;
            return -1;
        }

        int length = dialect == IslDialect.Legacy ? held[1] : IslShape.ReadDigits(held.Slice(1, digits));
        int counted = length - IslShape.LengthBase;
        if (counted < IslShape.RequestOverhead(dialect) || counted > IslShape.ReplyOverhead(dialect) + IslShape.MaxData(dialect))
        {
            return 0;
        }

        int whole = 1 + counted + 5;
        _missing = whole - held.Length;
        return _missing > 0 ? -1 : whole;
    }

    private IslPiece Take(int whole)
    {
        ReadOnlySpan<byte> frame = Held[..whole];
        ReadOnlySpan<byte> body = frame[1..^5];
        if (frame[^1] != IslShape.End || body[^1] != IslShape.EndOfBody || IslShape.ReadDigits(frame[^5..^1]) != IslShape.Check(body)
            || Read(body) is not { } piece)
        {
            Drop(1);
            Junk++;
            return IslPiece.Damaged.Sign;
        }

        Drop(whole);
        return piece;
    }

    /// <summary>Reads LEN SEQ CMD DATA [04 STATUS] 05. The separator stands where the length says, and each status byte has bit 7 set.</summary>
    private IslPiece? Read(ReadOnlySpan<byte> body)
    {
        int digits = IslShape.Digits(dialect);
        int command = digits == 1 ? body[2] : IslShape.ReadDigits(body.Slice(1 + digits, digits));
        if (command < 0)
        {
            return null;
        }

        byte sequence = body[digits];
        int statusLength = IslShape.StatusLength(dialect);
        int separator = body.Length - 2 - statusLength;
        bool isReply = body.Length >= IslShape.ReplyOverhead(dialect) && body[separator] == IslShape.Separator
            && !body[(separator + 1)..^1].ContainsAnyInRange((byte)0x00, (byte)0x7F);
        int first = (2 * digits) + 1;
        return isReply
            ? new IslPiece.Reply(new(sequence, command, Unescape(body[first..separator]), new(body[(separator + 1)..^1])))
            : new IslPiece.Echo(new(sequence, command, Unescape(body[first..^1]), default));
    }

    private byte[] Unescape(ReadOnlySpan<byte> data)
    {
        if (dialect == IslDialect.X || !data.Contains(IslShape.Escape))
        {
            return data.ToArray();
        }

        byte[] plain = new byte[data.Length];
        int count = 0;
        for (int i = 0; i < data.Length; i++)
        {
            bool isEscaped = data[i] == IslShape.Escape && i + 1 < data.Length && data[i + 1] is >= 0x40 and < 0x60;
            plain[count++] = isEscaped ? (byte)(data[++i] - 0x40) : data[i];
        }

        return plain[..count];
    }

    private void Drop(int count)
    {
        _from += count;
        if (_from == _to)
        {
            (_from, _to) = (0, 0);
        }
    }
}

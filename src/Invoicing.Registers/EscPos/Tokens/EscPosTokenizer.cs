namespace Invoicing.Registers.EscPos.Tokens;

/// <summary>Cuts a printer's stream into pieces by length, in whatever chunks it comes.</summary>
/// <remarks>
/// Every byte lies in exactly one token, in order, so the tokens of a stream put together are the stream; how it was chunked changes nothing.
/// What lies in a picture is the picture's, also where it looks like a command. Never throws. Holds at most <see cref="MaxToken"/> bytes; a
/// command that declares more comes out in pieces of kind <see cref="EscPosKind.Oversized"/>, none of which is kept. Not thread-safe.
/// Source: registers.md §2.1.
/// </remarks>
internal sealed class EscPosTokenizer
{
    /// <summary>Longest command that is kept together: a picture of 576 dots a row, 72 bytes, and 14,500 rows is 1.8 m of paper.</summary>
    internal const int MaxToken = 1024 * 1024;

    /// <summary>Longest run of text in one token: several lines of the widest printer, more than a till sends without a line feed.</summary>
    internal const int MaxText = 1024;

    private byte[] _kept = new byte[256];
    private int _count;
    private bool _isDone; // what is kept was given out and is forgotten at the next call
    private long _pass; // bytes left of an oversized command

    /// <summary>Bytes kept of a token that has not come to its end.</summary>
    internal int Kept => _isDone ? 0 : _count;

    /// <summary>Whether the stream stands inside of a command.</summary>
    internal bool IsInside => Kept > 0 || _pass > 0;

    /// <summary>Takes bytes off the input until a token is complete.</summary>
    /// <param name="input">What came; what is left when <see langword="false"/> is returned is nothing.</param>
    /// <param name="token">The token. Valid until the next call and as long as the input's bytes are.</param>
    internal bool TryRead(ref ReadOnlySpan<byte> input, out EscPosToken token)
    {
        Forget();
        token = default;
        while (!input.IsEmpty || (_count > 0 && !IsText(_kept[0])))
        {
            if (_pass > 0)
            {
                token = PassOver(ref input);
                return true;
            }

            if (_count > 0 && IsText(_kept[0]))
            {
                if (TryEndText(ref input))
                {
                    token = Done(EscPosKind.Text);
                    return true;
                }

                continue;
            }

            // Cut to the longest token, so that what is decided does not depend on how much has come.
            ReadOnlySpan<byte> head = _count > 0 ? _kept.AsSpan(0, _count) : input[..Math.Min(input.Length, MaxToken)];
            (EscPosKind kind, Measure measure) = Judge(head);
            if (measure.Length > MaxToken)
            {
                _pass = measure.Length - _count;
                if (_count > 0)
                {
                    token = Done(EscPosKind.Oversized);
                    return true;
                }

                continue;
            }

            if (measure.State != MeasureState.Needs && measure.Length <= head.Length)
            {
                token = Take(ref input, measure.State == MeasureState.Unknown ? EscPosKind.Unknown : kind, (int)measure.Length);
                return true;
            }

            if (input.IsEmpty)
            {
                return false;
            }

            Keep(ref input, (int)measure.Length);
        }

        return false;
    }

    /// <summary>Ends the stream: gives what is left of it, if anything.</summary>
    internal bool TryFlush(out EscPosToken token)
    {
        Forget();
        _pass = 0;
        ReadOnlySpan<byte> left = _kept.AsSpan(0, _count);
        token = left.IsEmpty ? default : new(IsText(left[0]) ? EscPosKind.Text : EscPosKind.Torn, left);
        _isDone = true;
        return !left.IsEmpty;
    }

    private static bool IsText(byte value) => value >= 0x20;

    private static (EscPosKind Kind, Measure Measure) Judge(ReadOnlySpan<byte> head)
    {
        switch (head[0])
        {
            case >= 0x20:
                int end = head[..Math.Min(head.Length, MaxText)].IndexOfAnyInRange((byte)0, (byte)0x1F);
                return (EscPosKind.Text, end >= 0 ? Measure.Total(end)
                    : head.Length >= MaxText ? Measure.Total(MaxText) : Measure.Needs(head.Length + 1));
            case 0x1B:
                return (EscPosKind.Esc, EscPosLength.Of(head));
            case 0x1D:
                return (EscPosKind.Gs, EscPosLength.Of(head));
            case 0x1C:
                return (EscPosKind.Fs, EscPosLength.Of(head));
            case 0x10:
                return (EscPosKind.RealTime, EscPosLength.Of(head));
            case 0x00 or 0x07 or 0x09 or 0x0A or 0x0C or 0x0D or 0x18:
                return (EscPosKind.Control, Measure.Total(1));
            default:
                return (EscPosKind.Unknown, Measure.Unknown(1));
        }
    }

    /// <summary>Adds what belongs to the kept run of text; whether the run is at its end.</summary>
    private bool TryEndText(ref ReadOnlySpan<byte> input)
    {
        int end = input.IndexOfAnyInRange((byte)0, (byte)0x1F);
        int count = Math.Min(end < 0 ? input.Length : end, MaxText - _count);
        Keep(ref input, _count + count);
        return _count == MaxText || end == count;
    }

    private EscPosToken PassOver(ref ReadOnlySpan<byte> input)
    {
        int count = (int)Math.Min(_pass, input.Length);
        EscPosToken token = new(EscPosKind.Oversized, input[..count]);
        _pass -= count;
        input = input[count..];
        return token;
    }

    private EscPosToken Take(ref ReadOnlySpan<byte> input, EscPosKind kind, int length)
    {
        if (_count == 0)
        {
            EscPosToken whole = new(kind, input[..length]);
            input = input[length..];
            return whole;
        }

        if (length == _count)
        {
            return Done(kind);
        }

        // Only an unknown command is shorter than what was kept to find that out: the rest is read again.
        return TakeBack(ref input, kind, length);
    }

    private EscPosToken TakeBack(ref ReadOnlySpan<byte> input, EscPosKind kind, int length)
    {
        byte[] token = _kept.AsSpan(0, length).ToArray();
        byte[] again = new byte[_count - length + input.Length];
        _kept.AsSpan(length, _count - length).CopyTo(again);
        input.CopyTo(again.AsSpan(_count - length));
        input = again;
        _count = 0;
        return new(kind, token);
    }

    private EscPosToken Done(EscPosKind kind)
    {
        _isDone = true;
        return new(kind, _kept.AsSpan(0, _count));
    }

    private void Keep(ref ReadOnlySpan<byte> input, int upTo)
    {
        int count = Math.Min(upTo - _count, input.Length);
        if (_count + count > _kept.Length)
        {
            Array.Resize(ref _kept, Math.Min(MaxToken, Math.Max(_count + count, _kept.Length * 2)));
        }

        input[..count].CopyTo(_kept.AsSpan(_count));
        _count += count;
        input = input[count..];
    }

    private void Forget()
    {
        if (_isDone)
        {
            _isDone = false;
            _count = 0;
        }
    }
}

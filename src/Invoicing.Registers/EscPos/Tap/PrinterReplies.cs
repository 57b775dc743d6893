namespace Invoicing.Registers.EscPos.Tap;

/// <summary>Tells a printer's answers to the tap from those to the till. Pure; one caller at a time.</summary>
/// <remarks>
/// A printer answers <c>GS r</c>, <c>GS I</c> and their like in the order in which it was asked, behind what it was told to print before;
/// <c>DLE EOT</c> and the status that it tells by itself (ASB) come at any moment and are known by fixed bits. Source: registers.md §2.3.
/// </remarks>
internal sealed class PrinterReplies
{
    /// <summary>Most questions without an answer that are remembered: a till asks a few times for each job.</summary>
    internal const int MostAsked = 256;

    private const long OfTill = 0;

    private readonly Queue<long> _asked = new(); // the tap's tickets, and OfTill
    private int _left; // bytes of the answer in hand that are still to come
    private bool _isText; // up to a NUL
    private long _owner;

    /// <summary>Notes a question of the tap.</summary>
    /// <param name="ticket">What it is about, above 0.</param>
    internal void Ask(long ticket) => Add(ticket);

    /// <summary>Notes the questions in bytes that the till sent: those that are answered in their order.</summary>
    internal void AskedByTill(ReadOnlySpan<byte> question)
    {
        if (question is [0x1D, (byte)'r' or (byte)'I', ..])
        {
            Add(OfTill);
        }
    }

    /// <summary>No answer came for long: questions of the till that the printer does not know are waited for no more.</summary>
    internal void GiveUpTill()
    {
        long[] own = [.. _asked.Where(ticket => ticket != OfTill)];
        _asked.Clear();
        foreach (long ticket in own)
        {
            _asked.Enqueue(ticket);
        }
    }

    /// <summary>A new connection: nothing of the last one is answered.</summary>
    internal void Begin()
    {
        _asked.Clear();
        (_left, _isText) = (0, false);
    }

    /// <summary>Takes what the printer said.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="forTill">Gets those that are not the tap's.</param>
    /// <returns>The highest ticket that was answered; 0 if none was.</returns>
    internal long Take(ReadOnlySpan<byte> bytes, List<byte> forTill)
    {
        long answered = 0;
        foreach (byte next in bytes)
        {
            if (_left == 0 && !_isText)
            {
                Begin(next);
            }

            _left -= _left > 0 ? 1 : 0;
            _isText &= next != 0;
            if (_owner == OfTill)
            {
                forTill.Add(next);
            }
            else if (_left == 0 && !_isText)
            {
                answered = Math.Max(answered, _owner);
            }
        }

        return answered;
    }

    /// <summary>Grammar: 0xx1xx10 | 0xx1xx00 byte byte byte | 5Fh text 00h | 37h text 00h | byte</summary>
    private void Begin(byte first)
    {
        const int Fixed = 0x93;
        const int RealTime = 0x12;
        const int Automatic = 0x10;
        bool isAtOnce = (first & Fixed) is RealTime or Automatic;
        _owner = isAtOnce || !_asked.TryDequeue(out long owner) ? OfTill : owner;
        _isText = first is 0x5F or 0x37;
        _left = _isText ? 0 : (first & Fixed) == Automatic ? 4 : 1;
    }

    private void Add(long ticket)
    {
        _asked.Enqueue(ticket);
        if (_asked.Count > MostAsked)
        {
            _asked.Dequeue();
        }
    }
}

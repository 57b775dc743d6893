namespace Invoicing.Registers.Eutron.Framing;

/// <summary>Takes a serial line apart, byte by byte. Pure: no line, no clock.</summary>
/// <remarks>
/// Outside of a record every byte but <c>01</c>, <c>06</c> and <c>15</c> is noise and dropped. Memory: one record of 253 bytes.
/// </remarks>
internal sealed class EutronReceiver
{
    private readonly byte[] _frame = new byte[EutronFrame.MaxData + 2];
    private int _have;
    private int _need;
    private bool _isInRecord;

    /// <summary>The record that came last.</summary>
    public ReadOnlyMemory<byte> Data { get; private set; }

    /// <summary>Forgets what is half there: the next byte begins anew.</summary>
    public void Reset()
    {
        _isInRecord = false;
        _have = 0;
        _need = 0;
    }

    /// <summary>Takes the next byte.</summary>
    public Heard Take(byte next)
    {
        if (!_isInRecord)
        {
            switch (next)
            {
                case EutronFrame.Start:
                    _isInRecord = true;
                    _have = 0;
                    _need = 0;
                    return Heard.Start;
                case EutronFrame.Ack:
                    return Heard.Ack;
                case EutronFrame.Nak:
                    return Heard.Nak;
                default:
                    return Heard.Nothing;
            }
        }

        if (_have == 0)
        {
            if (next is 0 or > EutronFrame.MaxData)
            {
                Reset();
                return Heard.Broken;
            }

            _need = next + 2;
        }

        _frame[_have++] = next;
        if (_have < _need)
        {
            return Heard.Nothing;
        }

        bool isWhole = EutronFrame.Check(_frame.AsSpan(0, _have)) == 0;
        Data = isWhole ? _frame.AsMemory(1, _have - 2).ToArray() : default;
        Reset();
        return isWhole ? Heard.Record : Heard.Broken;
    }
}

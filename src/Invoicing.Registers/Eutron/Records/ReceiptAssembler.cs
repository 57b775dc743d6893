namespace Invoicing.Registers.Eutron.Records;

/// <summary>Makes receipts of log records. Pure: the same records make the same receipts.</summary>
/// <remarks>
/// A receipt is REGIS to END, and a TEND directly behind END where none came before. A REGIS while a receipt is open ends that one as torn,
/// unless it bears the same number: then the register goes on with it after a power cut. A receipt that grows beyond
/// <see cref="MaxRecords"/> is given up as torn.
/// </remarks>
internal sealed class ReceiptAssembler
{
    /// <summary>Most records of a receipt: a thousand lines with a discount each, and 64 KiB of bytes at most.</summary>
    public const int MaxRecords = 2_000;

    private readonly List<FlowRecord> _records = [];
    private bool _isEnded;
    private bool _hasTend;
    private bool _priceListChanged;

    /// <summary>Whether a receipt is under way: what is accepted now may have to be read again.</summary>
    public bool IsOpen => _records.Count > 0;

    /// <summary>Records that belong to no receipt: totals of a receipt whose beginning the ring dropped, repeated ones.</summary>
    public long Orphans { get; private set; }

    /// <summary>Whether a receipt began since the start or <see cref="Reset"/>: before that nobody knows what records belong to.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The receipt that <see cref="Take"/> would complete; nothing changes.</summary>
    public LogReceipt? Preview(in FlowRecord record)
    {
        if (_isEnded)
        {
            return Made(record.Type == FlowType.Tend ? record : null);
        }

        if (!IsOpen)
        {
            return null;
        }

        if (record.Type == FlowType.Register && record.Receipt != _records[0].Receipt)
        {
            return Made(tend: null);
        }

        bool isWhole = (record.Type == FlowType.End && _hasTend) || _records.Count + 1 >= MaxRecords;
        return isWhole ? Made(tend: null, record) : null;
    }

    /// <summary>The receipt that <see cref="AtEnd"/> would complete; nothing changes.</summary>
    public LogReceipt? PreviewEnd() => _isEnded ? Made(tend: null) : null;

    /// <summary>Forgets what is under way.</summary>
    public void Reset()
    {
        _records.Clear();
        _isEnded = false;
        _hasTend = false;
        HasBegun = false;
    }

    /// <summary>Takes the next record.</summary>
    /// <param name="record">The record.</param>
    /// <returns>The receipt that is complete by it; <see langword="null"/> if none is.</returns>
    public LogReceipt? Take(in FlowRecord record)
    {
        if (_isEnded)
        {
            if (record.Type == FlowType.Tend)
            {
                return Complete(record);
            }

            LogReceipt whole = Complete(tend: null);
            Begin(record);
            return whole;
        }

        if (!IsOpen)
        {
            Begin(record);
            return null;
        }

        if (record.Type == FlowType.Register && record.Receipt != _records[0].Receipt)
        {
            LogReceipt torn = Complete(tend: null);
            Begin(record);
            return torn;
        }

        _records.Add(record);
        _priceListChanged |= record.Type == FlowType.PriceList;
        _hasTend |= record.Type == FlowType.Tend;
        _isEnded = record.Type == FlowType.End;
        bool isWhole = (_isEnded && _hasTend) || _records.Count >= MaxRecords;
        return isWhole ? Complete(tend: null) : null;
    }

    /// <summary>Says that the log ends here for now: a receipt with its END is complete, one without waits.</summary>
    public LogReceipt? AtEnd() => _isEnded ? Complete(tend: null) : null;

    private void Begin(in FlowRecord record)
    {
        if (record is { Type: FlowType.Register, Receipt: not null })
        {
            _records.Add(record);
            HasBegun = true;
            return;
        }

        _priceListChanged |= record.Type == FlowType.PriceList;
        if (record.Type is not (FlowType.PriceList or FlowType.EcrNumber or FlowType.NetId or FlowType.Operator or FlowType.Lock))
        {
            Orphans++;
        }
    }

    private LogReceipt Made(FlowRecord? tend, FlowRecord? last = null)
    {
        FlowRecord first = _records[0];
        return new(first.Receipt!.Value, first.Stamp, last is { } end ? [.. _records, end] : [.. _records], tend)
        {
            IsAfterPriceList = _priceListChanged || last?.Type == FlowType.PriceList,
        };
    }

    private LogReceipt Complete(FlowRecord? tend)
    {
        LogReceipt receipt = Made(tend);
        _priceListChanged = false;
        _records.Clear();
        _isEnded = false;
        _hasTend = false;
        return receipt;
    }
}

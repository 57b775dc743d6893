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

    /// <summary>Forgets what is under way.</summary>
    public void Reset()
    {
        _records.Clear();
        _isEnded = false;
        _hasTend = false;
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
            return;
        }

        _priceListChanged |= record.Type == FlowType.PriceList;
        if (record.Type is not (FlowType.PriceList or FlowType.EcrNumber or FlowType.NetId or FlowType.Operator or FlowType.Lock))
        {
            Orphans++;
        }
    }

    private LogReceipt Complete(FlowRecord? tend)
    {
        FlowRecord first = _records[0];
        LogReceipt receipt = new(first.Receipt!.Value, first.Stamp, [.. _records], tend) { IsAfterPriceList = _priceListChanged };
        _priceListChanged = false;
        Reset();
        return receipt;
    }
}

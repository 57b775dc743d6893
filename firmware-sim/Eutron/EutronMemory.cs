using FirmwareSim.Failures;
using FirmwareSim.Tills;

namespace FirmwareSim.Eutron;

/// <summary>What both builds of an ER-2xx have in common: the log that grows with each receipt.</summary>
internal sealed class EutronMemory
{
    private readonly Till _till;
    private readonly FaultPlan _faults;
    private readonly int[] _order;

    /// <summary>A register that is started again finds its log as the book has it, with the read pointer at its head.</summary>
    public EutronMemory(Till till, FaultPlan faults, int capacity)
    {
        _till = till;
        _faults = faults;
        Log = new SalesLog(capacity);
        IReadOnlyList<PluRow> rows = till.Plus.Rows;
        _order = [.. Enumerable.Range(0, rows.Count).OrderBy(i => rows[i].Number)];
        foreach (RungReceipt receipt in till.All())
        {
            Add(LogRecords.Begin(receipt, till.Identity));
            Add(LogRecords.End(receipt));
        }
    }

    public SalesLog Log { get; }

    public Till Till => _till;

    /// <summary>
    /// Rows of the table of articles, in the order of their codes: the register finds what it sells by halving the table. Names change, codes do not.
    /// </summary>
    public IReadOnlyList<PluRow> Rows
    {
        get
        {
            IReadOnlyList<PluRow> rows = _till.Plus.Rows;
            return [.. _order.Select(i => rows[i])];
        }
    }

    /// <summary>Whether all records were read. A day close leaves none.</summary>
    public bool HasGivenAll => Log.Peek() is null;

    /// <summary>The first record of a log: ECRNO, register, location; together the number that each REGIS bears.</summary>
    public byte[] Head()
    {
        ushort number = LogRecords.NumberOf(_till.SayIdentity());
        return [(byte)RecordType.EcrNumber, (byte)(number & 0xFF), (byte)(number >> 8)];
    }

    public void Began(RungReceipt receipt)
    {
        if (_faults.Strikes(Fault.LogOverflow))
        {
            Log.LoseUnread();
        }

        Add(LogRecords.Begin(receipt, _till.Identity));
    }

    public void Closed(RungReceipt receipt) => Add(LogRecords.End(receipt));

    private void Add(IEnumerable<byte[]> records)
    {
        foreach (byte[] record in records)
        {
            Log.Add(record);
        }
    }
}

using System.Globalization;

namespace FirmwareSim.Datecs;

/// <summary>The counters of a pushing register: SeqN modulo 10, UN, the place within the receipt, LogN.</summary>
/// <param name="events">Names and separators.</param>
internal sealed class PushCounters(PushEvents events)
{
    private const int LastLog = 99;

    /// <summary>Numbers from here on are bar codes: the shortest has eight digits.</summary>
    private const long FirstBarCode = 10_000_000;

    private long _messages;
    private int _inReceipt;
    private int _log;

    /// <summary>Another receipt: its events count from 1.</summary>
    public void BeginReceipt() => _inReceipt = 0;

    /// <summary>Counts an event and makes its packet.</summary>
    public PushPacket Count(PushEvent pushed)
    {
        char end = events.Separator;
        string head = string.Create(CultureInfo.InvariantCulture, $"{events.RegisterId}{end}{_messages % 10}{end}");
        _messages++;
        _inReceipt++;
        string tail = string.Create(CultureInfo.InvariantCulture, $"{_inReceipt}{end}{_messages}{end}");
        return new PushPacket(PushPacket.SalesSet, pushed.Operation, NextLog(), 0, head + pushed.Fields + tail);
    }

    /// <summary>A question for an article, by its code or bar code: it is counted nowhere.</summary>
    public PushPacket Query(long plu)
    {
        char end = events.Separator;
        string data = string.Create(CultureInfo.InvariantCulture, $"{events.RegisterId}{end}{_messages % 10}{end}{plu}{end}");
        return new PushPacket(PushPacket.SalesSet, plu < FirstBarCode ? PushPacket.PluQuery : PushPacket.PluQueryByBarCode, NextLog(), 0, data);
    }

    private byte NextLog()
    {
        _log = _log >= LastLog ? 1 : _log + 1;
        return (byte)_log;
    }
}

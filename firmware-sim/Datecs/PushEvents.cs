using System.Globalization;
using FirmwareSim.Baskets;
using FirmwareSim.Tills;

namespace FirmwareSim.Datecs;

/// <summary>A receipt as the events that a register pushes (§1.7), without the counters that every message ends with.</summary>
internal sealed class PushEvents(PushModel model, string registerId)
{
    private const int TaxRates = 9;
    private const int Annulled = 10;
    private const int EndOfReceipt = 15;

    /// <summary>What separates fields and ends the last.</summary>
    public char Separator { get; } = model == PushModel.Dp500 ? ';' : '\t';

    /// <summary>What the register says of itself when an application opens.</summary>
    public string Greeting => model == PushModel.Dp500 ? "SRVDP500PL;v2.0.0.0;" : "SRVWP500\tv1.0.0.0\t";

    /// <summary>Six digits.</summary>
    public string RegisterId { get; private set; } = registerId;

    /// <summary>The digits that a serial number ends with, six of them.</summary>
    public static string IdOf(string serial)
    {
        const int Digits = 6;
        string digits = new([.. serial.Where(char.IsAsciiDigit).TakeLast(Digits)]);
        return serial.EndsWith('B') ? "9" + digits.PadLeft(Digits, '0')[1..] : digits.PadLeft(Digits, '0');
    }

    /// <summary>From now on the register names itself otherwise.</summary>
    public void Rename(string id) => RegisterId = id;

    /// <summary>What is told while goods are rung up.</summary>
    public IReadOnlyList<PushEvent> Begin(RungReceipt receipt)
    {
        List<PushEvent> events = [];
        if (receipt.Class == ReceiptClass.DayClose)
        {
            return events;
        }

        if (model == PushModel.Wp500)
        {
            events.Add(new PushEvent(PushPacket.Opened, Fields(0, 1, receipt.Number, 0, 0, receipt.Number)));
        }

        for (int i = 0; i < receipt.Lines.Length; i++)
        {
            // After a power failure nothing tells of the rest: the register counts on, the application hears a gap.
            bool isLost = receipt.Interruption != Interruption.None && i > receipt.Lines.Length / 2;
            RungLine line = receipt.Lines[i];
            string quantity = DatecsAmounts.Quantity(line.Quantity);
            events.Add(new PushEvent(PushPacket.Item, Fields(line.Plu, line.Price, Short(quantity), 0, string.Empty, receipt.Number), isLost));
            if (line.Discount != 0)
            {
                events.Add(Discount(receipt, 2, line.Discount, isLost));
            }
        }

        return events;
    }

    /// <summary>What is told when the receipt ends, one way or the other.</summary>
    public IReadOnlyList<PushEvent> End(RungReceipt receipt)
    {
        List<PushEvent> events = [];
        if (receipt.Class == ReceiptClass.DayClose || receipt.Interruption == Interruption.NeverEnded)
        {
            return events;
        }

        bool isVoid = receipt.Class == ReceiptClass.Cancelled;
        if (receipt.Discount != 0)
        {
            events.Add(Discount(receipt, 3, receipt.Discount, isLost: false));
        }

        if (!isVoid || receipt.IsAfterTotal)
        {
            events.AddRange(receipt.Payments.Select(part => new PushEvent(PushPacket.Payment, Paid(receipt, Kind(part.Means), part.Amount))));
        }

        events.Add(isVoid
            ? new PushEvent(PushPacket.Payment, Paid(receipt, Annulled, 0))
            : new PushEvent(PushPacket.Closed, Paid(receipt, EndOfReceipt, receipt.Total)));
        return events;
    }

    private static string Short(string quantity) => quantity.EndsWith(".000", StringComparison.Ordinal) ? quantity[..^4] : quantity;

    private PushEvent Discount(RungReceipt receipt, int type, long amount, bool isLost) =>
        new(PushPacket.Discount, Fields(type, amount, amount, string.Empty, string.Empty, receipt.Number), isLost);

    private string Paid(RungReceipt receipt, int type, long amount)
    {
        IEnumerable<long> sums = Enumerable.Range(1, TaxRates).Select(rate => receipt.Lines.Where(line => line.Department == rate).Sum(line => line.Amount));
        return Fields(type, 1, receipt.Number, 0, 0, receipt.Number, receipt.Z, 0, amount, amount) + Fields([.. sums.Cast<object>()]);
    }

    private int Kind(Means means) => (means, model) switch
    {
        (Means.Cash, _) => 0,
        (Means.Voucher, _) => 4,
        (Means.Card, PushModel.Dp500) => 3,
        (Means.Card, _) => 2,
        _ => 1,
    };

    private string Fields(params ReadOnlySpan<object> fields)
    {
        string text = string.Empty;
        foreach (object field in fields)
        {
            text += Convert.ToString(field, CultureInfo.InvariantCulture) + Separator;
        }

        return text;
    }
}

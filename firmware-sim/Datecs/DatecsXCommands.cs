using System.Globalization;
using FirmwareSim.Tills;

namespace FirmwareSim.Datecs;

/// <summary>Commands of the X variant, §1.5: every field ends with TAB, every reply begins with an error code.</summary>
internal sealed class DatecsXCommands : IDatecsCommands
{
    /// <summary>Not allowed now: what a real one says of a payment without a receipt (§1.6).</summary>
    private const string NotAllowed = "-111016\t";

    private const string NoMore = "-100003\t";
    private const string NoneFound = "-100005\t";
    private const string BadField = "-112001\t";
    private const int AllSales = 10;

    private readonly Till _till;
    private readonly JournalReading _lines;
    private readonly JournalReading _columns;

    public DatecsXCommands(Till till)
    {
        _till = till;
        _lines = new JournalReading(DatecsJournalText.Of);
        _columns = new JournalReading(SoldRows.Of);
    }

    public IslDialect Dialect => IslDialect.X;

    public bool HasGivenAll => Math.Max(_lines.Given, _columns.Given) >= DocumentKinds.LastWithRows(_till);

    public byte[] Status() => DatecsStatus.Of(_till, Dialect);

    public void Restart()
    {
        _lines.Clear();
        _columns.Clear();
    }

    public string Answer(int command, string data)
    {
        string answer = Carry(command, data.Split('\t'));
        if (_till.IsFull && HasGivenAll)
        {
            _till.MakeRoom();
        }

        return answer;
    }

    private string Carry(int command, string[] fields) => command switch
    {
        61 => SetClock(fields[0]),
        62 => Ok(DatecsAmounts.Clock(_till.Now())),
        69 => Ok(Text(_till.Z), DatecsAmounts.Money(_till.All().Where(item => item.Z == _till.Z && item.IsSold).Sum(item => item.Total))),
        74 => Ok(Convert.ToHexString(Status())),
        76 => Open(),
        90 => Ok("DP-25X", "263453", "08-11-22 14:00", "5A7F", "00000000", _till.SayIdentity(), "02000001"),
        103 => Current(),
        123 => Last(fields[0]),
        124 => Find(fields),
        125 => Journal(fields),
        _ => NotAllowed,
    };

    private static string Ok(params ReadOnlySpan<string> fields) => "0\t" + string.Concat(fields.ToArray().Select(field => field + "\t"));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private string SetClock(string text)
    {
        if (DocumentKinds.TryClock(text) is not DateTime local)
        {
            return BadField;
        }

        _till.SetClock(local);
        return Ok();
    }

    private string Open()
    {
        RungReceipt? open = _till.Open;
        string amount = DatecsAmounts.Money(open?.Lines.Sum(line => line.Amount) ?? 0);
        return Ok(open is null ? "0" : "1", Text(open?.Number ?? DocumentKinds.LastNumber(_till)), Text(open?.Lines.Length ?? 0), amount, DatecsAmounts.Money(0));
    }

    /// <summary>103: sums of the receipt in hand by tax rate, as amounts; the last is the number of lines.</summary>
    private string Current()
    {
        RungReceipt? open = _till.Open;
        IEnumerable<string> sums = Enumerable.Range(1, 8).Select(rate =>
            DatecsAmounts.Money(open?.Lines.Where(line => line.Department == rate).Sum(line => line.Amount) ?? 0));
        return Ok([.. sums, Text(open?.Lines.Length ?? 0)]);
    }

    private string Last(string option)
    {
        RungReceipt? last = _till.All().LastOrDefault(item => item.Class == ReceiptClass.Sale);
        return option != "3" ? BadField : last is null ? NoneFound
            : Ok(Text(last.Number), DatecsAmounts.Clock(last.Time), DatecsAmounts.Money(last.Total), Text(last.Z));
    }

    private string Find(string[] fields)
    {
        if (fields.Length < 3 || !int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out int kind) || kind > AllSales)
        {
            return BadField;
        }

        DateTime? start = fields[0].Length == 0 ? DateTime.MinValue : DocumentKinds.TryClock(fields[0]);
        DateTime? end = fields[1].Length == 0 ? DateTime.MaxValue : DocumentKinds.TryClock(fields[1]);
        if (start is null || end is null)
        {
            return BadField;
        }

        // Documents have parts of a second that the question cannot name.
        DateTime last = end == DateTime.MaxValue ? DateTime.MaxValue : end.Value.AddSeconds(1).AddTicks(-1);
        RungReceipt[] found = [.. _till.All().Where(item => DocumentKinds.IsOfKind(item, kind) && item.Time >= start && item.Time <= last)];
        return found.Length == 0
            ? NoneFound
            : Ok(DatecsAmounts.Clock(found[0].Time), DatecsAmounts.Clock(found[^1].Time), Text(found[0].Number), Text(found[^1].Number));
    }

    private string Journal(string[] fields) => fields[0] switch
    {
        "0" => SelectOne(fields),
        "1" => Next(_lines),
        "8" => Next(_columns),
        "9" => SelectMany(fields),
        _ => NotAllowed,
    };

    /// <summary>A register that was switched off in between has forgotten what was selected: that is not the end.</summary>
    private static string Next(JournalReading reading) => !reading.IsSelected ? NotAllowed : reading.Next() is (string row, _) ? Ok(row) : NoMore;

    private string SelectOne(string[] fields)
    {
        if (fields.Length < 3 || !TryNumber(fields[1], out long number) || !int.TryParse(fields[2], CultureInfo.InvariantCulture, out int kind))
        {
            return BadField;
        }

        RungReceipt? found = _till.All().LastOrDefault(item => item.Number == number && DocumentKinds.IsOfKind(item, kind));
        _lines.Clear();
        if (found is null)
        {
            return NoneFound;
        }

        _lines.Select([found]);
        return Ok(Text(found.Number), Text(found.Number), DatecsAmounts.Clock(found.Time), Text(DocumentKinds.KindOf(found)), Text(found.Z));
    }

    private string SelectMany(string[] fields)
    {
        if (fields.Length < 3 || !TryNumber(fields[1], out long first) || !TryNumber(fields[2], out long last))
        {
            return BadField;
        }

        RungReceipt[] found = [.. DocumentKinds.Range(_till.All(), first, last).Where(DocumentKinds.HasRows)];
        _columns.Select(found);
        return found.Length == 0 ? NoneFound : Ok();
    }

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

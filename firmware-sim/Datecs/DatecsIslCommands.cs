using System.Globalization;
using FirmwareSim.Tills;

namespace FirmwareSim.Datecs;

/// <summary>Commands of the legacy variant, §1.5, with the electronic journal read by 119.</summary>
internal sealed class DatecsIslCommands : IDatecsCommands
{
    /// <summary>Answer to a command that is not carried out; the general error is in the status.</summary>
    private const string Failed = "F";

    private const string End = "F";
    private const string Separator = "*,";

    private readonly Till _till;
    private readonly JournalReading _journal;
    private RungReceipt? _shown;
    private string? _held;
    private bool _isRefused;

    public DatecsIslCommands(Till till)
    {
        _till = till;
        _journal = new JournalReading(DatecsJournalText.Of);
    }

    public IslDialect Dialect => IslDialect.Legacy;

    public bool HasGivenAll => _till.Count == 0 || _journal.Given >= _till.At(_till.Count - 1).Position;

    public byte[] Status() => DatecsStatus.Of(_till, Dialect, _isRefused);

    public void Restart()
    {
        _journal.Clear();
        (_shown, _held) = (null, null);
    }

    public string Answer(int command, string data)
    {
        _isRefused = false;
        string answer = Carry(command, data);
        if (_till.IsFull && HasGivenAll)
        {
            _till.MakeRoom();
        }

        return answer;
    }

    private string Carry(int command, string data) => command switch
    {
        61 => SetClock(data),
        62 => DatecsAmounts.Clock(_till.Now()),
        69 => string.Create(CultureInfo.InvariantCulture, $"{_till.Z:D4},{DatecsAmounts.Money(DayTotal())}"),
        74 => DatecsText.Cyrillic.GetString(Status()),
        76 => Open(),
        90 => $"FP-2000,1.00BG 23NOV18 1000,0000,00000000,{_till.SayIdentity()},02000001",
        103 => Current(),
        113 => DocumentKinds.LastNumber(_till).ToString("D7", CultureInfo.InvariantCulture),
        119 => Journal(data),
        _ => Failed,
    };

    private long DayTotal() => _till.All().Where(item => item.Z == _till.Z && item.IsSold).Sum(item => item.Total);

    private string SetClock(string text)
    {
        if (DocumentKinds.TryClock(text) is not DateTime local)
        {
            return Failed;
        }

        _till.SetClock(local);
        return string.Empty;
    }

    private string Open()
    {
        RungReceipt? open = _till.Open;
        return string.Create(
            CultureInfo.InvariantCulture, $"{(open is null ? 0 : 1)},{open?.Lines.Length ?? 0:D4},{DatecsAmounts.Money(open?.Lines.Sum(line => line.Amount) ?? 0)}");
    }

    private string Current() => string.Join(
        ',',
        Enumerable.Range(1, 8).Select(rate => DatecsAmounts.Money(_till.Open?.Lines.Where(line => line.Department == rate).Sum(line => line.Amount) ?? 0)));

    private string Journal(string data)
    {
        if (data == "I")
        {
            return Room();
        }

        if (data.StartsWith('R'))
        {
            Restart();
            if (JournalQuery.Parse(data) is not JournalQuery query)
            {
                return Failed;
            }

            _journal.Select(_till.All().Where(query.Wants));
        }
        else if (data != "N" || !_journal.IsSelected)
        {
            // Also after the register was switched off: that is not the end of what was asked for.
            _isRefused = true;
            return string.Empty;
        }

        return NextRow();
    }

    /// <summary>One line of text, or the sign between two documents, or the end.</summary>
    private string NextRow()
    {
        if (_held is string held)
        {
            _held = null;
            return held;
        }

        if (_journal.Next() is not (string row, RungReceipt document))
        {
            _shown = null;
            return End;
        }

        bool isNext = _shown is not null && _shown != document;
        _shown = document;
        if (!isNext)
        {
            return "P," + row;
        }

        _held = "P," + row;
        return Separator;
    }

    private string Room()
    {
        const int Total = 4096;
        RungReceipt? first = _till.Count == 0 ? null : _till.At(0);
        RungReceipt? last = _till.Count == 0 ? null : _till.At(_till.Count - 1);
        int used = _till.IsFull ? Total : Math.Min(Total - 1, _till.Count / 4);
        return string.Create(CultureInfo.InvariantCulture, $"P,{Total},{used},{first?.Number ?? 0},{last?.Number ?? 0},{first?.Time:ddMMyy},{last?.Time:ddMMyy}");
    }
}

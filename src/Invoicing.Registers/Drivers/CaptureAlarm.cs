using System.Globalization;
using Invoicing.Sales;

namespace Invoicing.Registers.Drivers;

/// <summary>
/// Watches how many pieces cannot be made sense of: three in a row, or more than 2 % of an hour's, mean that sales may go by without an
/// invoice. One thread at a time.
/// </summary>
internal sealed class CaptureAlarm
{
    private const int MaxInRow = 3;
    private const int PercentOfHour = 2;

    /// <summary>Fewest pieces of an hour that have a share: of fifty, one is 2 %.</summary>
    private const int FewestInHour = 50;

    /// <summary>Most pieces that are remembered: an hour of one every second; beyond it the hour is shorter.</summary>
    private const int MaxRemembered = 3_600;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly Queue<(DateTimeOffset At, bool IsBad)> _hour = new();
    private int _inRow;
    private int _bad;
    private string _last = string.Empty;

    /// <summary>The alarm, in one sentence; <see langword="null"/> if all is well.</summary>
    public string? Text { get; private set; }

    /// <summary>Whether pieces of a class may hide a sale.</summary>
    public static bool IsBad(CaptureClass piece) => piece is CaptureClass.ImageOnly or CaptureClass.Untrusted or CaptureClass.Torn
        or CaptureClass.TotalsDiffer or CaptureClass.NoReceiptNumber or CaptureClass.NotRead;

    /// <summary>Takes a judged piece into account.</summary>
    public void Add(DateTimeOffset at, CaptureClass piece, string text)
    {
        bool isBad = IsBad(piece);
        _inRow = isBad ? _inRow + 1 : 0;
        _bad += isBad ? 1 : 0;
        _last = isBad ? $"{piece}: {text}" : _last;
        _hour.Enqueue((at, isBad));
        while (_hour.Count > MaxRemembered || _hour.Peek().At < at - Hour)
        {
            _bad -= _hour.Dequeue().IsBad ? 1 : 0;
        }

        Text = _inRow >= MaxInRow ? Told($"{_inRow} pieces in a row")
            : _hour.Count >= FewestInHour && _bad * 100 > PercentOfHour * _hour.Count ? Told($"{_bad} of the last hour's {_hour.Count} pieces")
            : null;
    }

    private string Told(string many) => string.Create(
        CultureInfo.InvariantCulture, $"{many} could not be read as receipts (the last: {_last}); look at them with 'captures' and put the template right");
}

using Invoicing.Sales;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>Tells when too much of what a till prints cannot be read: three jobs in a row, or 2 % of an hour's.</summary>
internal sealed class UnreadableAlarm
{
    /// <summary>As many in a row are no accident.</summary>
    internal const int InRow = 3;

    /// <summary>Fewest jobs of an hour whose share is looked at: one of fewer than 50 would be more than 2 % by itself.</summary>
    internal const int FewestJobs = 50;

    private const int Minutes = 60;
    private readonly (long Minute, int Jobs, int Unreadable)[] _minutes = new (long, int, int)[Minutes];
    private int _inRow;

    /// <summary>Why there is an alarm; <see langword="null"/> if there is none.</summary>
    internal string? Reason { get; private set; }

    /// <summary>Whether a print of this class should have been readable, and was not.</summary>
    internal static bool IsUnreadable(CaptureClass found) => found is CaptureClass.ImageOnly or CaptureClass.Untrusted or CaptureClass.Torn
        or CaptureClass.TotalsDiffer or CaptureClass.NoReceiptNumber or CaptureClass.NotRead;

    /// <summary>Counts a job.</summary>
    /// <param name="found">What it was.</param>
    /// <param name="minute">Now, in minutes of any clock that only goes forward.</param>
    internal void Note(CaptureClass found, long minute)
    {
        bool isUnreadable = IsUnreadable(found);
        _inRow = isUnreadable ? _inRow + 1 : 0;
        ref (long Minute, int Jobs, int Unreadable) now = ref _minutes[minute % Minutes];
        now = now.Minute == minute ? now : (minute, 0, 0);
        now.Jobs++;
        now.Unreadable += isUnreadable ? 1 : 0;
        int jobs = 0;
        int unreadable = 0;
        foreach ((long at, int count, int bad) in _minutes)
        {
            jobs += at > minute - Minutes ? count : 0;
            unreadable += at > minute - Minutes ? bad : 0;
        }

        Reason = _inRow >= InRow ? $"the last {_inRow} prints could not be read; look at them with 'captures' and mend the template or the code page"
            : jobs >= FewestJobs && unreadable * 50 >= jobs ? $"{unreadable} of {jobs} prints of the last hour could not be read; look at them with 'captures'"
            : null;
    }
}

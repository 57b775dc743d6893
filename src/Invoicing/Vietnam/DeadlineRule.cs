namespace Invoicing.Vietnam;

/// <summary>When invoices of a span of days have to be with the authority. Immutable.</summary>
public sealed record DeadlineRule
{
    /// <summary>Short name, for status and logs: <c>same-day</c>.</summary>
    public required string Id { get; init; }

    /// <summary>First date of issue that it is about, in GMT+7.</summary>
    public required DateOnly ValidFrom { get; init; }

    /// <summary>Last date of issue; <see langword="null"/> if none is known.</summary>
    public DateOnly? ValidUntil { get; init; }

    /// <summary>Days after the day of issue: 0 is the same day, up to its midnight in GMT+7.</summary>
    public int Days { get; init; }

    /// <summary>What is added for tills that issue without a line. No such allowance was found: 0.</summary>
    public TimeSpan OfflineAllowance { get; init; }

    /// <summary>Time to send after an outage that the authority announced has ended, where it covered the deadline.</summary>
    public TimeSpan OutageAllowance { get; init; }

    /// <summary>Text of law or where else it comes from.</summary>
    public required string Source { get; init; }

    /// <summary>How well it is known.</summary>
    public required DeadlineCertainty Certainty { get; init; }
}

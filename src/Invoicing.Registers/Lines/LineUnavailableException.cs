namespace Invoicing.Registers.Lines;

/// <summary>A line cannot be opened now: not there, no permission, in use. Trying again later may help.</summary>
/// <param name="line">The line's name.</param>
/// <param name="reason">What was found and what to do.</param>
/// <param name="innerException">The system's error, if there was one.</param>
public sealed class LineUnavailableException(string line, string reason, Exception? innerException = null)
    : InvoicingException($"{line} does not open: {reason}", isTransient: true, innerException)
{
    /// <summary>The <see cref="Cause"/> of a name to which more than one thing answers.</summary>
    internal const string TooMany = "more than one thing answers";

    /// <summary>The line's name.</summary>
    public string Line { get; } = line;

    /// <summary>What was found and what to do.</summary>
    internal string Reason { get; } = reason;

    /// <summary>What lies behind it, without what changes by itself, such as the list of what else is plugged in: the same cause is told once.</summary>
    internal string Cause { get; init; } = reason;
}

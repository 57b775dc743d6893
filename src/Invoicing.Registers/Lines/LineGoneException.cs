namespace Invoicing.Registers.Lines;

/// <summary>The line went while it was used: unplugged, hung up, reset. The next connection may be fine.</summary>
/// <param name="line">The line's name.</param>
/// <param name="reason">What the system said.</param>
/// <param name="innerException">The system's error, if there was one.</param>
public sealed class LineGoneException(string line, string reason, Exception? innerException = null)
    : InvoicingException($"{line} is gone: {reason}", isTransient: true, innerException)
{
    /// <summary>The line's name.</summary>
    public string Line { get; } = line;
}

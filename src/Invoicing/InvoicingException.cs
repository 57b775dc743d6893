namespace Invoicing;

/// <summary>A fault of the world, not of the program: a device, a disk, a network, a peer, damaged or foreign data.</summary>
/// <remarks>The family's one root: catch it to tell faults from defects. Its kind decides what to do, never its text.</remarks>
public class InvoicingException : Exception
{
    /// <summary>Makes a fault.</summary>
    /// <param name="message">What was expected, what was found, what to do.</param>
    /// <param name="isTransient">Whether the same call may succeed later with nothing changed by a person.</param>
    /// <param name="innerException">What the world said.</param>
    public InvoicingException(string message, bool isTransient = false, Exception? innerException = null)
        : base(message, innerException) => IsTransient = isTransient;

    /// <summary>Whether the same call may succeed later with nothing changed by a person.</summary>
    public bool IsTransient { get; }
}

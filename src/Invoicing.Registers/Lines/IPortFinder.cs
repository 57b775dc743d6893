namespace Invoicing.Registers.Lines;

/// <summary>Finds where a port is now that is named by what is plugged in, and tells when that may have changed.</summary>
/// <remarks>A USB adapter's node changes with each replug, so a line asks at each opening. Safe for any number of lines and threads.</remarks>
public interface IPortFinder
{
    /// <summary>
    /// Completes at the next change after it was read; read it before looking, so that no change is slept through. Never faults.
    /// </summary>
    Task Changed { get; }

    /// <summary>The node to open.</summary>
    /// <param name="address">What is configured: a path, or an address by identity as <see cref="SerialLineOptions.Path"/> describes.</param>
    /// <exception cref="LineUnavailableException">Nothing or more than one thing answers to it; says what to do.</exception>
    string Find(string address);
}

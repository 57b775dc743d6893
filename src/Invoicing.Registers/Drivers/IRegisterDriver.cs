namespace Invoicing.Registers.Drivers;

/// <summary>Speaks one protocol with the register on one line and delivers what it rang up to the recorder.</summary>
/// <remarks>
/// A register is told that a sale is recorded, or forgets it, only after the recorder said that it is durable. Drivers share nothing but
/// the recorder, so one register's trouble delays no other. A line that breaks is opened again, for ever.
/// </remarks>
public interface IRegisterDriver
{
    /// <summary>How the line is now. Safe from any thread.</summary>
    DriverStatus Status { get; }

    /// <summary>Serves the line until cancelled. Once at a time.</summary>
    /// <param name="cancellationToken">Ends it; the call then throws <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvoicingException">The recorder stopped for good.</exception>
    Task RunAsync(CancellationToken cancellationToken);
}

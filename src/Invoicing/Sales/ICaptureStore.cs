namespace Invoicing.Sales;

/// <summary>
/// Durable books of what was captured from registers that cannot be asked again: a print job, a receipt's lines, pushed events. Safe for any
/// number of threads.
/// </summary>
public interface ICaptureStore
{
    /// <summary>Opens the book of one register or printer, and makes it if it is not there.</summary>
    /// <param name="name">Its serial as the configuration names it. Two lines never share a book.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<ICaptureBook> OpenAsync(RegisterId name, CancellationToken cancellationToken);
}

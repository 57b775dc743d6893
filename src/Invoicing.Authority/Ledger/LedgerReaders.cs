using System.Collections.Concurrent;

namespace Invoicing.Authority.Ledger;

/// <summary>A few connections that read the ledger, lent for one call each.</summary>
/// <param name="open">Opens one.</param>
internal sealed class LedgerReaders(Func<ILedgerReader> open) : IDisposable
{
    /// <summary>Readers at a time: with two cores more would only wait for each other.</summary>
    private const int Capacity = 4;

    private readonly ConcurrentBag<ILedgerReader> _idle = [];
    private readonly SemaphoreSlim _free = new(Capacity);

    /// <summary>Reads on the thread pool.</summary>
    public async Task<T> UseAsync<T>(Func<ILedgerReader, T> read, CancellationToken cancellationToken = default)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
#pragma warning disable CA2000 // Goes back to the idle ones, or is disposed if it failed.
            ILedgerReader reader = _idle.TryTake(out ILedgerReader? idle) ? idle : open();
#pragma warning restore CA2000
            try
            {
                T result = read(reader);
                _idle.Add(reader);
                return result;
            }
            catch
            {
                reader.Dispose();
                throw;
            }
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Closes the connections that are not lent.</summary>
    public void Dispose()
    {
        while (_idle.TryTake(out ILedgerReader? reader))
        {
            reader.Dispose();
        }

        _free.Dispose();
    }
}

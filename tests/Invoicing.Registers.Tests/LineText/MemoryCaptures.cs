using Invoicing.Sales;

namespace Invoicing.Registers.Tests.LineText;

/// <summary>Books of captures in memory that keep what real ones promise. They outlive drivers, as a file does.</summary>
internal sealed class MemoryCaptures : ICaptureStore
{
    private readonly Dictionary<RegisterId, MemoryCaptureBook> _books = [];

    public ValueTask<ICaptureBook> OpenAsync(RegisterId name, CancellationToken cancellationToken)
    {
        lock (_books)
        {
            return new(Book(name));
        }
    }

    internal MemoryCaptureBook Book(RegisterId name)
    {
        lock (_books)
        {
            if (!_books.TryGetValue(name, out MemoryCaptureBook? book))
            {
                _books.Add(name, book = new(name, 0xB00C_0000_0000_0001UL + (ulong)_books.Count));
            }

            return book;
        }
    }
}

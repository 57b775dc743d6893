namespace Invoicing.Gateway.Journal;

/// <summary>Records of lines, read ahead: an audit asks for them nearly in order, and a page costs what three single rows do.</summary>
/// <remarks>For one thread. At most <see cref="MaxLines"/> pages of <see cref="PageSize"/> rows are held: some megabytes.</remarks>
internal sealed class RecordPages(JournalReader reader)
{
    private const int PageSize = 128;
    private const int MaxLines = 256;

    private readonly Dictionary<long, Dictionary<ulong, StoredRecord>> _pages = [];

    /// <summary>The record that a line keeps at a sequence.</summary>
    public StoredRecord? Find(long line, ulong sequence)
    {
        if (_pages.TryGetValue(line, out Dictionary<ulong, StoredRecord>? page) && page.TryGetValue(sequence, out StoredRecord record))
        {
            return record;
        }

        if (page is null && _pages.Count >= MaxLines)
        {
            _pages.Clear();
        }

        page = reader.ReadRecords(line, sequence, PageSize);
        _pages[line] = page;
        return page.TryGetValue(sequence, out record) ? record : null;
    }
}

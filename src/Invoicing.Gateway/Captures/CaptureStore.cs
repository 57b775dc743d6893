using System.Collections.Immutable;
using Invoicing.Sales;

namespace Invoicing.Gateway.Captures;

/// <summary>Books of what was captured from registers that cannot be asked again, in one file beside the journal.</summary>
/// <remarks>
/// <para>
/// <c>journal.db.captures.db</c>, made when the first book is opened. Every call that changes something is one transaction, on the disk
/// (fsync) when the call returns; calls that wait at the same moment share one commit. When a call throws because a write failed, nothing
/// is known of it, nothing is written any more, and the process is to be started again.
/// </para>
/// <para>
/// Room is bounded: at <see cref="DefaultMaxBytes"/> of pieces the store is <see cref="CaptureState.Full"/> and refuses to keep more, until
/// old ones are deleted. Numbers, record sequences and receipt keys are never given out again, also when their pieces are deleted.
/// Any number of threads. Source: design.md 5.2, 5.9, 5.13.
/// </para>
/// </remarks>
public sealed class CaptureStore : ICaptureStore, IAsyncDisposable
{
    /// <summary>
    /// Most bytes of all pieces: one GiB holds 100,000 receipts with a small picture each, which is months of a shop with several tills.
    /// </summary>
    public const long DefaultMaxBytes = 1L << 30;

    /// <summary>Pieces deleted by one transaction: so few that a piece that is to be kept meanwhile does not wait long.</summary>
    private const int PruneStep = 64;

    private readonly string _path;
    private readonly Func<RegisterId, ulong, ulong> _durable;
    private readonly long _maxBytes;
    private readonly CaptureSeams? _seams;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private CaptureFile? _file;
    private bool _isClosed;

    /// <summary>Makes a store; no file is touched before the first book is opened.</summary>
    /// <param name="journalPath">The journal.</param>
    /// <param name="durable">Up to which sequence a register's epoch is durable in the journal; 0 if nothing of it is.</param>
    /// <param name="maxBytes">Most bytes of all pieces.</param>
    /// <param name="seams">For tests.</param>
    internal CaptureStore(
        string journalPath, Func<RegisterId, ulong, ulong> durable, long maxBytes = DefaultMaxBytes, CaptureSeams? seams = null)
    {
        _path = PathOf(journalPath);
        _durable = durable;
        _maxBytes = maxBytes;
        _seams = seams;
    }

    /// <summary>How it is now. Safe from any thread.</summary>
    public CaptureStatus Status
    {
        get
        {
            CaptureWriter? writer = Volatile.Read(ref _file)?.Writer;
            long bytes = writer?.Bytes ?? 0;
            return writer?.Failure is { } failure ? new(CaptureState.Failed, bytes, _maxBytes, failure)
                : bytes >= FullFrom ? new(CaptureState.Full, bytes, _maxBytes, FullText(_path, bytes, _maxBytes, wanted: null))
                : new(CaptureState.Open, bytes, _maxBytes, null);
        }
    }

    /// <summary>What is left below the bound is less than a common piece, so that a person is told before the long ones are refused.</summary>
    private long FullFrom => _maxBytes - Math.Min(ICaptureBook.MaxLength, _maxBytes / 16);

    /// <summary>The file that belongs to a journal.</summary>
    /// <param name="journalPath">The journal.</param>
    public static string PathOf(string journalPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(journalPath);
        return journalPath + ".captures.db";
    }

    /// <summary>Checks the file without changing it, also while it is written: what is kept against what was counted, and each piece against its hash.</summary>
    /// <param name="journalPath">The journal.</param>
    /// <returns>
    /// What is wrong, one sentence each, at most <see cref="CaptureAudit.MaxFaults"/>; empty if nothing is, or nothing was ever captured.
    /// </returns>
    public static ImmutableArray<string> Verify(string journalPath) => CaptureAudit.Run(PathOf(journalPath));

    /// <inheritdoc/>
    /// <exception cref="Sqlite.FileInUseException">Another process has the file.</exception>
    /// <exception cref="InvoicingException">The file is damaged, of another kind or format, or a write failed.</exception>
    public async ValueTask<ICaptureBook> OpenAsync(RegisterId name, CancellationToken cancellationToken)
    {
        if (name == default)
        {
            throw new ArgumentException("expected a register, found none", nameof(name));
        }

        CaptureFile file = await FileAsync(cancellationToken).ConfigureAwait(false);
        (long book, ulong epoch) = await file.Writer.DoAsync(tables => tables.Open(name), size: 0, cancellationToken).ConfigureAwait(false);
        return new CaptureBook(file, book, name, epoch);
    }

    /// <summary>
    /// Takes a receipt key for a piece that has a record and could not be read when it was judged, before its sale is made after all: the same receipt, printed twice and
    /// misread twice, is one sale.
    /// </summary>
    /// <param name="name">The book's register.</param>
    /// <param name="number">The piece.</param>
    /// <param name="receiptKey">What makes the receipt unique, as for <see cref="CaptureJudgement.ReceiptKey"/>.</param>
    /// <param name="cancellationToken">Counts until the work is taken into a commit.</param>
    /// <returns>The piece that has the key now: another one, if it was taken before.</returns>
    /// <exception cref="InvoicingException">There is no such piece, or as for <see cref="OpenAsync"/>.</exception>
    public async Task<long> ClaimReceiptAsync(RegisterId name, long number, string receiptKey, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(receiptKey);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(receiptKey.Length, CaptureBook.MaxReceiptKey, nameof(receiptKey));
        CaptureFile file = await FileAsync(cancellationToken).ConfigureAwait(false);
        return await file.Writer.DoAsync(
            tables => tables.Claim(tables.Open(name).Book, number, receiptKey), receiptKey.Length, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes old pieces of all books.</summary>
    /// <remarks>
    /// Only pieces that were judged, and whose record, if they have one, is durable in the journal. Their numbers and receipt keys stay
    /// taken. Pieces are deleted a few at a time, so new ones are kept meanwhile.
    /// </remarks>
    /// <param name="olderThan">Only those that came before.</param>
    /// <param name="keepNewest">So many of the newest of each book stay, whatever their age; 0 or more.</param>
    /// <param name="cancellationToken">Ends the work between two steps.</param>
    /// <returns>How many were deleted.</returns>
    /// <exception cref="InvoicingException">As for <see cref="OpenAsync"/>.</exception>
    public async Task<long> PruneAsync(DateTimeOffset olderThan, int keepNewest, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keepNewest);
        if (Volatile.Read(ref _file) is null && !File.Exists(_path))
        {
            return 0;
        }

        CaptureFile file = await FileAsync(cancellationToken).ConfigureAwait(false);
        long deleted = 0;
        foreach ((long book, RegisterId register, ulong epoch) in await file.Writer
            .DoAsync(tables => tables.Books(), size: 0, cancellationToken).ConfigureAwait(false))
        {
            int step;
            do
            {
                ulong durable = _durable(register, epoch);
                step = await file.Writer.DoAsync(
                    tables => tables.Prune(book, durable, olderThan, keepNewest, PruneStep), size: 0, cancellationToken).ConfigureAwait(false);
                deleted += step;
            }
            while (step == PruneStep);
        }

        return deleted;
    }

    /// <summary>Finishes what is waiting and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync().ConfigureAwait(false);
        _isClosed = true;
        CaptureFile? file = _file;
        _opening.Release();
        if (file is not null)
        {
            await file.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>What to tell when there is no room.</summary>
    internal static string FullText(string path, long kept, long maxBytes, int? wanted) =>
        $"{path}: expected room{(wanted is { } bytes ? $" for {bytes} bytes" : string.Empty)}, found {kept} of {maxBytes} bytes kept; delete old captures";

    private async ValueTask<CaptureFile> FileAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _file) is { } open)
        {
            return open;
        }

        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            return _file ??= CaptureFile.Open(_path, _maxBytes, _seams);
        }
        finally
        {
            _opening.Release();
        }
    }
}

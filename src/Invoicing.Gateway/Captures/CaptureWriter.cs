using System.Threading.Channels;
using Invoicing.Sqlite;

namespace Invoicing.Gateway.Captures;

/// <summary>The file's one writer: takes what is waiting, changes the tables, commits, and then answers. On a thread of its own.</summary>
/// <remarks>
/// An answer means that the change is on the disk (fsync). After a failed write nothing is taken any more and every caller is told so: after
/// a failed fsync a second one may lie (design.md 5.2). Any number of threads.
/// </remarks>
internal sealed class CaptureWriter : IAsyncDisposable
{
    /// <summary>Most works of a commit: as many registers as an edge has send at once at most.</summary>
    private const int MaxGroup = 64;

    /// <summary>Bytes after which a commit is full: written and flushed within a till's patience on any disk.</summary>
    private const int MaxGroupBytes = 8 * 1024 * 1024;

    /// <summary>Most works that wait: the next callers wait outside, each with its own piece.</summary>
    private const int QueueCapacity = 2 * MaxGroup;

    /// <summary>Pages in the write-ahead log at which it is copied back, after the callers were answered: 2 MiB take about 3 ms.</summary>
    private const int CheckpointPages = 512;

    private readonly SqliteFile _file;
    private readonly CaptureTables _tables;
    private readonly CaptureSeams? _seams;
    private readonly Channel<CaptureWork> _queue = Channel.CreateBounded<CaptureWork>(
        new BoundedChannelOptions(QueueCapacity) { SingleReader = true, AllowSynchronousContinuations = true });

    private readonly Task _loop;
    private long _bytes;
    private Exception? _failure;

    public CaptureWriter(SqliteFile file, long maxBytes, CaptureSeams? seams)
    {
        _file = file;
        _tables = new(file, maxBytes);
        _seams = seams;
        _bytes = _tables.Bytes;
        _loop = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Bytes of all pieces after the last commit.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Why nothing is written any more; <see langword="null"/> if it is.</summary>
    public string? Failure => Volatile.Read(ref _failure) is { } failure ? FailureText(failure) : null;

    /// <summary>Changes the tables; on the disk when the call ends.</summary>
    /// <param name="apply">See <see cref="CaptureWork{T}"/>.</param>
    /// <param name="size">About how many bytes are written.</param>
    /// <param name="cancellationToken">Counts until the work is taken into a commit.</param>
    /// <exception cref="InvoicingException">Refused, or a write failed.</exception>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public async Task<T> DoAsync<T>(Func<CaptureTables, T> apply, int size, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CaptureWork<T> work = new(apply, size);
        try
        {
            await _queue.Writer.WriteAsync(work, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw Volatile.Read(ref _failure) is { } failure ? Failed(failure) : new ObjectDisposedException(nameof(CaptureStore));
        }

        return await work.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finishes what is waiting and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        if (Volatile.Read(ref _failure) is null)
        {
            _file.Dispose();
        }
        else
        {
            _file.Abandon();
        }
    }

    private static bool WaitFor(ChannelReader<CaptureWork> reader)
    {
        ValueTask<bool> waiting = reader.WaitToReadAsync(CancellationToken.None);
        return waiting.IsCompleted ? waiting.Result : waiting.AsTask().GetAwaiter().GetResult();
    }

    private void Run()
    {
        List<CaptureWork> works = [];
#pragma warning disable CA1031 // The one catch-all of this loop: whatever failed, no later write may be made, and every caller is told.
        try
        {
            while (WaitFor(_queue.Reader))
            {
                TakeGroup(works);
                Commit(works);
            }
        }
        catch (Exception fault)
        {
            Volatile.Write(ref _failure, fault);
            _queue.Writer.TryComplete();
            works.ForEach(work => work.Fail(Failed(fault)));
            while (_queue.Reader.TryRead(out CaptureWork? work))
            {
                work.Fail(Failed(fault));
            }
        }
#pragma warning restore CA1031
    }

    private void TakeGroup(List<CaptureWork> works)
    {
        works.Clear();
        long bytes = 0;
        while (works.Count < MaxGroup && bytes < MaxGroupBytes && _queue.Reader.TryRead(out CaptureWork? work))
        {
            if (work.TryTake())
            {
                works.Add(work);
                bytes += work.Size;
            }
        }
    }

    private void Commit(List<CaptureWork> works)
    {
        if (works.Count == 0)
        {
            return;
        }

        _file.Begin();
        works.ForEach(work => work.Apply(_tables));
        long bytes = _tables.Bytes;
        _seams?.BeforeCommit(_file);
        _file.Commit();
        _seams?.AfterCommit(_file);
        Volatile.Write(ref _bytes, bytes);
        works.ForEach(work => work.Complete());
        works.Clear(); // answered: a fault from here on is not theirs
        if (_file.LogPages >= CheckpointPages)
        {
            _file.Checkpoint();
        }
    }

    private string FailureText(Exception fault) =>
        $"{_file.Path}: a write failed and nothing that registers print is kept any more: {fault.Message}; check the disk and start the process again";

    private InvoicingException Failed(Exception fault) => new(FailureText(fault), innerException: fault);
}

using System.Threading.Channels;
using Invoicing.Gateway.Journal;
using Invoicing.Signing;
using Microsoft.Extensions.Logging;

namespace Invoicing.Gateway.Recording;

/// <summary>The journal's one writer: takes what is waiting, numbers, hashes, signs, commits, and then answers.</summary>
/// <remarks>
/// Two stages, each on a thread of its own, so that signing goes on while the disk flushes: the first decides and numbers, the second inserts
/// and commits. The first builds on groups that are not committed yet; that is safe, because a group that cannot be committed ends the
/// process, and one that cannot be signed takes those built on it back.
/// Contract: an answer means that the entry is on the disk (fsync) with everything that belongs to it. A call that ends with an exception
/// may have been recorded: the same record again gets the first outcome. After a failed write nothing is taken any more,
/// <see cref="Completion"/> faults and the process is to end. Any number of threads. Source: design.md 5.2, 5.15.
/// </remarks>
internal sealed partial class Recorder : IUplinkJournal, IAsyncDisposable
{
    /// <summary>Most works in a commit group. More would make the first of them wait for the signatures of all.</summary>
    public const int MaxGroup = 256;

    /// <summary>Most bytes of a group: a megabyte is written and flushed within a till's patience on any disk.</summary>
    public const int MaxGroupBytes = 1 << 20;

    /// <summary>Most works that wait: four groups, after which callers wait outside.</summary>
    public const int QueueCapacity = 4 * MaxGroup;

    private readonly JournalFile _file;
    private readonly RecordingSettings _settings;
    private readonly RecordPreparation _preparation;
    private readonly GroupSigning _signing;
    private readonly ILogger _logger;
    private readonly Channel<JournalWork> _queue;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _loop;
    private JournalState _state;
    private ISigner _signer;
    private JournalFailedException? _failure;
    private int _disposed;

    public Recorder(JournalFile file, JournalState state, ISigner signer, RecordingSettings settings, ILogger logger)
    {
        _file = file;
        _state = state;
        _tip = state;
        _signer = signer;
        _tipSigner = signer;
        _settings = settings;
        _logger = logger;
        Clocks = new(settings.Time);
        _preparation = new(state.Enrolment, settings.Time, () => State.Catalogue, Clocks);
        _signing = new(Environment.ProcessorCount - 1);
        _anchor = state.Anchor;
        _acknowledged = state.Uplink;
        _saving = settings.Time.CreateTimer(static self => ((Recorder)self!).SaveSoon(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // Synchronous: a caller that writes then wakes the writer's thread itself, and runs none of its code.
        _queue = Channel.CreateBounded<JournalWork>(
            new BoundedChannelOptions(QueueCapacity) { SingleReader = true, AllowSynchronousContinuations = true });
        _committing = new(CommitWhatIsReady) { IsBackground = true, Name = "invoicing-commit" };
        _committing.Start();
        _loop = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public JournalState State => Volatile.Read(ref _state);

    /// <inheritdoc/>
    public JournalGrowth Growth { get; } = new();

    /// <summary>Ends after <see cref="DisposeAsync"/>; faults when a write failed.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Why nothing is recorded at the moment; <see langword="null"/> if it is.</summary>
    public string? Waiting => Volatile.Read(ref _waiting) ?? Volatile.Read(ref _signerTrouble);

    /// <summary>How far registers' clocks are from ours.</summary>
    public RegisterClocks Clocks { get; }

    /// <summary>Finishes what is waiting, and then the entries that closing asks for.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            await _loop.ConfigureAwait(false);
            return;
        }

        SaveSoon();
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        await _saving.DisposeAsync().ConfigureAwait(false);
        if (Volatile.Read(ref _failure) is null)
        {
            _file.Dispose();
        }
        else
        {
            _file.Abandon();
        }

        _signing.Dispose();
        _previousSigner?.Dispose();
        _signer.Dispose();
    }

    /// <summary>Hands work to the writer.</summary>
    /// <exception cref="JournalFailedException">Recording has ended.</exception>
    /// <exception cref="ObjectDisposedException">The gateway is closed.</exception>
    private Task<T> Post<T>(AnsweredWork<T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        work.CancelBy(cancellationToken);
        if (_queue.Writer.TryWrite(work))
        {
            return work.Answer;
        }

        ThrowIfEnded();
        return PostLaterAsync(work, cancellationToken);
    }

    private async Task<T> PostLaterAsync<T>(AnsweredWork<T> work, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(work, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            ThrowIfEnded();
            throw;
        }

        return await work.Answer.ConfigureAwait(false);
    }

    private void ThrowIfEnded()
    {
        if (Volatile.Read(ref _failure) is { } failure)
        {
            throw new JournalFailedException(failure.Path, failure.InnerException!);
        }

        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) == 1, this);
    }
}

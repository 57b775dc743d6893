using System.Threading.Channels;
using Invoicing.Signing;

namespace Invoicing.Authority.Ledger;

/// <summary>Group commit over all streams: one thread, one transaction, one fsync, one watermark signature, then all answers.</summary>
/// <remarks>
/// <para>
/// Durability contract: an answer <see cref="AppendOutcome.Stored"/> is given only after the commit that holds the run is on the disk. A
/// commit that fails ends the process without an answer: nothing is known of its outcome, and it is never retried (design.md 5.2).
/// </para>
/// <para>
/// A thread of its own and not a task: under load a task's turn would wait behind a thousand streams.
/// </para>
/// </remarks>
internal sealed partial class LedgerWriter : IAsyncDisposable
{
    /// <summary>Requests that may wait: 4 for each of 8,000 streams, more than intake lets in.</summary>
    public const int Capacity = 32_768;

    /// <summary>Most entries of one transaction: with 20-30 us an entry a commit stays below 100 ms.</summary>
    private const int MaxGroupEntries = 3_000;

    private readonly Channel<LedgerRequest> _requests = Channel.CreateBounded<LedgerRequest>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, AllowSynchronousContinuations = false });

    private readonly ILedger _ledger;
    private readonly ISigner _signer;
    private readonly TimeProvider _time;
    private readonly Action<LedgerHead, IReadOnlyList<LedgerEntry>> _published;
    private readonly Action<Exception> _endProcess;
    private readonly ILogger _logger;
    private readonly ManualResetEventSlim _stopping = new();
    private readonly Thread _thread;
    private Task<bool>? _waiting;
    private long _lastCommit;

    /// <summary>Starts writing.</summary>
    /// <param name="ledger">Owned from here on; used by the writer's thread alone.</param>
    /// <param name="signer">The watermark key.</param>
    /// <param name="time">The clock.</param>
    /// <param name="published">Told of each commit, on the writer's thread, before its answers: it must not wait.</param>
    /// <param name="endProcess">Ends the process at once; returns in tests only.</param>
    /// <param name="logger">Where commits that fail are told.</param>
    public LedgerWriter(
        ILedger ledger, ISigner signer, TimeProvider time, Action<LedgerHead, IReadOnlyList<LedgerEntry>> published,
        Action<Exception> endProcess, ILogger<LedgerWriter> logger)
    {
        _ledger = ledger;
        _signer = signer;
        _time = time;
        _published = published;
        _endProcess = endProcess;
        _logger = logger;
        _lastCommit = time.GetTimestamp();
        _thread = new(Run) { IsBackground = true, Name = "ledger writer" };
        _thread.Start();
    }

    /// <summary>Hands work to the writer.</summary>
    /// <returns>Whether it was taken: not when shutting down, and not above <see cref="Capacity"/>.</returns>
    public bool TrySubmit(LedgerRequest request) => _requests.Writer.TryWrite(request);

    /// <summary>Ends in order: what was submitted is committed and answered, then the file is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        _requests.Writer.TryComplete();
        _stopping.Set();
        await Task.Run(_thread.Join);
        _ledger.Dispose();
        _stopping.Dispose();
    }

    private void Run()
    {
        var group = new List<LedgerRequest>();
        try
        {
            while (Collect(group))
            {
                if (group.Count > 0)
                {
                    Write(group);
                    group.Clear();
                }

                bool isIdle = _requests.Reader.Count == 0;
                while (_ledger.Maintain(isIdle) && _requests.Reader.Count == 0)
                {
                    // One step at a time, as long as nobody waits.
                }
            }
        }
#pragma warning disable CA1031 // The top of the worker: whatever it was, what is on the disk is not known any more.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogFailed(fault);
            _requests.Writer.TryComplete();
            _endProcess(fault);
        }
    }

    /// <summary>Takes what waits, and goes on collecting for as long as <see cref="LedgerPace"/> says.</summary>
    /// <returns>False when nothing will ever come again.</returns>
    private bool Collect(List<LedgerRequest> group)
    {
        _waiting ??= _requests.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
        if (!_waiting.GetAwaiter().GetResult())
        {
            return false;
        }

        _waiting = null;
        int entries = Take(group, 0);
        TimeSpan wait = LedgerPace.Wait(group.Count, entries, _time.GetElapsedTime(_lastCommit));
        if (wait > TimeSpan.Zero && !_stopping.Wait(wait))
        {
            Take(group, entries);
        }

        return true;
    }

    private int Take(List<LedgerRequest> group, int entries)
    {
        while (entries < MaxGroupEntries && _requests.Reader.TryRead(out LedgerRequest? request))
        {
            group.Add(request);
            entries += request is LedgerRequest.Append append ? append.Run.Entries.Count : 0;
        }

        return entries;
    }

    [LoggerMessage(3100, LogLevel.Critical, "The ledger cannot be written; the process ends, and a restart reads it again")]
    private partial void LogFailed(Exception fault);

    [LoggerMessage(3101, LogLevel.Error, "The ledger refused a run of chain {Chain} that was verified at position {Position}: {Text}")]
    private partial void LogRefused(Invoicing.Chain.ChainId chain, long position, string text);
}

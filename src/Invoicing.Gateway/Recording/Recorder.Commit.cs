using System.Threading.Channels;
using Invoicing.Gateway.Journal;
using Invoicing.Signing;
using Microsoft.Extensions.Logging;

namespace Invoicing.Gateway.Recording;

/// <content>
/// Second stage: inserts as signatures come, commits, answers; in between the log is copied back. While it waits for the disk, the first stage
/// numbers and signs the next groups, and whatever is ready then goes into one transaction.
/// </content>
internal sealed partial class Recorder
{
    /// <summary>Most groups that are ready and wait: more would only be numbered earlier and answered no sooner.</summary>
    private const int MaxReady = 4;

    /// <summary>
    /// Pages in the write-ahead log at which it is copied back, between two commits and after the callers were answered: 512 pages of 4 KiB
    /// take about 3 ms, so nobody waits long for it, and the log stays at a few megabytes.
    /// </summary>
    private const int CheckpointPages = 512;

    private readonly Channel<CommitBatch> _batches = Channel.CreateBounded<CommitBatch>(
        new BoundedChannelOptions(MaxReady) { SingleReader = true, SingleWriter = true, AllowSynchronousContinuations = true });

    private readonly Thread _committing;
    private double _entryMilliseconds = 0.06;
    private int _underWay;
    private int _brokenGeneration;
    private string _breakReason = string.Empty;

    /// <summary>Why the last group could not be signed, until one could: groups that are only numbered say nothing of the key.</summary>
    private string? _signerTrouble;

    /// <summary>Blocks this thread, which is the stage's own: on a busy pool a continuation would wait behind all the callers' ones.</summary>
    private static bool WaitFor<T>(ChannelReader<T> reader)
    {
        ValueTask<bool> waiting = reader.WaitToReadAsync(CancellationToken.None);
        return waiting.IsCompleted ? waiting.Result : waiting.AsTask().GetAwaiter().GetResult();
    }

    private void CommitWhatIsReady()
    {
        var ready = new List<CommitBatch>(MaxReady);
        while (WaitFor(_batches.Reader))
        {
            ready.Clear();
            int entries = 0;
            while (entries < MaxGroup && _batches.Reader.TryRead(out CommitBatch? batch))
            {
                ready.Add(batch);
                entries += batch.Group.Entries.Count;
            }

            CommitAll(ready);
            Interlocked.Add(ref _underWay, -ready.Count);
        }
    }

    private void CommitAll(List<CommitBatch> batches)
    {
#pragma warning disable CA1031 // The one catch-all of this stage, which also runs on the first one's thread: nothing is known of the outcome.
        try
        {
            int committed = Volatile.Read(ref _failure) is null ? TryCommit(batches) : 0;
            for (int i = 0; i < committed; i++)
            {
                batches[i].Works.ForEach(work => work.Complete());
            }

            for (int i = committed; i < batches.Count; i++)
            {
                GiveUp(batches[i]);
            }

            if (_file.LogPages >= CheckpointPages && Volatile.Read(ref _failure) is null)
            {
                _file.Checkpoint();
            }
        }
        catch (Exception fault)
        {
            Fail(fault, [.. batches.SelectMany(batch => batch.Works)]);
        }
#pragma warning restore CA1031
    }

    /// <summary>
    /// One transaction for all of them. A key that fails takes back its own group and those built on it; any other exception ends recording:
    /// nothing is known of the outcome, and a retry may lie.
    /// </summary>
    /// <returns>How many of the batches are committed, from the first on.</returns>
    private int TryCommit(List<CommitBatch> batches)
    {
        int broken = batches.FindIndex(batch => batch.Generation <= _brokenGeneration);
        int count = broken < 0 ? batches.Count : broken;
        while (batches.Take(count).Any(batch => batch.HasWrites))
        {
            long start = _settings.Time.GetTimestamp();
            _file.Begin();
            int unsigned = Write(batches, count);
            if (unsigned < 0)
            {
                int entries = batches.Take(count).Sum(batch => batch.Group.Entries.Count);
                Learn(entries, _settings.Time.GetElapsedTime(start));
                _file.Commit();
                Adopt(batches[count - 1].Group.Signer);
                Publish(batches[count - 1].After, entries);
                break;
            }

            _file.Rollback();
            count = unsigned; // those before it are signed: written again, alone
        }

        return count;
    }

    /// <summary>Writes the first batches.</summary>
    /// <returns>The batch whose signatures cannot be made now; -1 if all is written.</returns>
    private int Write(List<CommitBatch> batches, int count)
    {
        long retainUntil = (_settings.Time.GetUtcNow() + _settings.AttachmentRetention).ToUnixTimeMilliseconds();
        for (int i = 0; i < count; i++)
        {
            try
            {
                batches[i].Group.WriteTo(_file, batches[i].Signatures, retainUntil);
            }
            catch (SignerUnavailableException fault)
            {
                Break(batches[i].Generation, fault.Message);
                return i;
            }

            if (batches[i].Uplink is { } uplink)
            {
                _file.Save(uplink);
            }
        }

        return -1;
    }

    private void Publish(JournalState state, int entries)
    {
        Volatile.Write(ref _state, state);
        if (entries > 0)
        {
            Volatile.Write(ref _signerTrouble, null); // it signs again
            GatewayMeter.Appended.Add(entries);
            GatewayMeter.GroupSize.Record(entries);
            Growth.Signal();
        }
    }

    private void Learn(int entries, TimeSpan elapsed)
    {
        if (entries > 0)
        {
            Volatile.Write(ref _entryMilliseconds, Math.Max(0.01, (_entryMilliseconds * 0.9) + (elapsed.TotalMilliseconds / entries * 0.1)));
        }
    }

    private void Break(int generation, string reason)
    {
        Volatile.Write(ref _brokenGeneration, generation);
        if (_signerTrouble != reason)
        {
            LogSignerUnavailable(reason);
        }

        Volatile.Write(ref _signerTrouble, reason);
        _breakReason = reason;
    }

    private void GiveUp(CommitBatch batch)
    {
        if (Volatile.Read(ref _failure) is { } failure)
        {
            batch.Works.ForEach(work => work.Fail(failure));
            return;
        }

        GiveBack(batch.Uplink);
        batch.Works.ForEach(work => work.Refuse(_breakReason));
    }

    private void Fail(Exception fault, List<JournalWork> works)
    {
        var failure = new JournalFailedException(_file.Path, fault);
        failure = Interlocked.CompareExchange(ref _failure, failure, null) ?? failure;
        LogFailed(_file.Path, fault);
        _queue.Writer.TryComplete();
        works.ForEach(work => work.Fail(failure));
    }

    [LoggerMessage(2051, LogLevel.Critical, "A write to {Path} failed: recording has ended and the process is to end")]
    private partial void LogFailed(string path, Exception fault);

    [LoggerMessage(2052, LogLevel.Warning, "Nothing is recorded: {Reason}")]
    private partial void LogSignerUnavailable(string reason);
}

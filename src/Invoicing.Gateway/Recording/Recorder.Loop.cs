using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Microsoft.Extensions.Logging;

namespace Invoicing.Gateway.Recording;

/// <content>First stage: takes what waits, decides, numbers and hashes, in order. Signatures are started and made by whoever has time.</content>
internal sealed partial class Recorder
{
    /// <summary>Time that a group may spend on signatures, so that its first caller does not wait for a slow token's 256th.</summary>
    private static readonly TimeSpan SigningBudget = TimeSpan.FromMilliseconds(20);

    /// <summary>Where the chain stands with the groups that are under way, should they all be committed.</summary>
    private JournalState _tip;
    private ClockWatch _clockWatch;
    private string? _waiting;
    private int _generation = 1;

    private void Run()
    {
        List<JournalWork> works = [];
#pragma warning disable CA1031 // The one catch-all of this loop: whatever failed, no later write may be made, and every caller is told.
        try
        {
            while (WaitFor(_queue.Reader))
            {
                works = TakeGroup();
                if (Volatile.Read(ref _failure) is { } failure)
                {
                    works.ForEach(work => work.Fail(failure));
                }
                else
                {
                    RunGroup(works);
                }
            }
        }
        catch (Exception fault)
        {
            Fail(fault, works);
        }
#pragma warning restore CA1031

        Close();
    }

    /// <summary>Ends the second stage and tells how it ended.</summary>
    private void Close()
    {
        _batches.Writer.TryComplete();
        _committing.Join();
        if (Volatile.Read(ref _failure) is not { } failure)
        {
            LogClosed(_file.Path, State.Head.Position);
            _completion.TrySetResult();
            return;
        }

        while (_queue.Reader.TryRead(out JournalWork? work))
        {
            if (work.TryTake())
            {
                work.Fail(failure);
            }
        }

        _completion.TrySetException(failure);
        Growth.Signal();
    }

    private List<JournalWork> TakeGroup()
    {
        var works = new List<JournalWork>();
        int limit = (int)Math.Clamp(SigningBudget.TotalMilliseconds / Volatile.Read(ref _entryMilliseconds), 1, MaxGroup);
        int bytes = 0;
        bool isAlone = false;
        while (!isAlone && works.Count < limit && bytes < MaxGroupBytes && _queue.Reader.TryPeek(out JournalWork? work)
            && (works.Count == 0 || !work.IsAlone))
        {
            _queue.Reader.TryRead(out _); // the one that was seen: this thread is the only reader
            if (work.TryTake())
            {
                works.Add(work);
                bytes += work.Size;
                isAlone = work.IsAlone;
            }
        }

        return works;
    }

    private void RunGroup(List<JournalWork> works)
    {
        if (Volatile.Read(ref _brokenGeneration) >= _generation)
        {
            // A key failed: nothing of what was built on that group is committed, so the next one builds on what is.
            AwaitIdle();
            _tip = State;
            _tipSigner = Signer;
            _generation = Volatile.Read(ref _brokenGeneration) + 1;
        }

        (UplinkPosition? uplink, Anchor? anchor) = TakeAcknowledged();
        var group = new RecordingGroup(Stored, _preparation, _tip, _tipSigner, anchor, ReadClock(_tip, anchor, out long steppedFrom));
        if (steppedFrom != 0 && group.Refusal is null && works.Count > 0)
        {
            EnterClockStep(group, steppedFrom);
        }

        works.ForEach(work => work.Step(group));
        Volatile.Write(ref _waiting, group.Refusal ?? group.Exhausted);
        if (uplink is not null || group.StopReason is not null)
        {
            uplink = (uplink ?? _tip.Uplink) with { Stopped = group.StopReason ?? _tip.Uplink.Stopped };
        }

        JournalState after = group.Committed();
        _tip = uplink is null ? after : after with { Uplink = uplink };
        SigningRound signatures = _signing.Start(_tipSigner, group.Entries);
        _tipSigner = group.Signer;
        Hand(new(group, signatures, works, uplink, _tip, _generation));
    }

    /// <summary>To the second stage; or, when nothing is under way and nobody waits, committed here and now, without a hop between threads.</summary>
    private void Hand(CommitBatch batch)
    {
        if (Volatile.Read(ref _underWay) == 0 && _queue.Reader.Count == 0)
        {
            CommitAll([batch]);
            return;
        }

        Interlocked.Increment(ref _underWay);
        if (!_batches.Writer.TryWrite(batch))
        {
            _batches.Writer.WriteAsync(batch, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }

        batch.Signatures.Help();
    }

    /// <summary>The journal's connection for looking something up: rare, so it may wait until no commit is under way.</summary>
    private JournalFile Stored()
    {
        AwaitIdle();
        return _file;
    }

    private void AwaitIdle()
    {
        var spin = default(SpinWait);
        while (Volatile.Read(ref _underWay) > 0)
        {
            spin.SpinOnce();
        }
    }

    private ClockReading ReadClock(JournalState state, Anchor? anchor, out long steppedFrom)
    {
        long now = _settings.Time.GetUtcNow().ToUnixTimeMilliseconds();
        long steady = _settings.Time.GetTimestamp() / (_settings.Time.TimestampFrequency / 1000);
        ClockReading reading = RecordingClock.Read(now, state.Head.RecordedAt, anchor?.LedgerTime ?? 0, state.Enrolment.EnrolledAt);
        ClockWatch watch = _clockWatch.Look(now, steady, out steppedFrom);
        if (reading.Fault is null)
        {
            _clockWatch = watch; // a step that cannot be told yet is seen again
        }

        return reading;
    }

    private void EnterClockStep(RecordingGroup group, long steppedFrom)
    {
        long now = _settings.Time.GetUtcNow().ToUnixTimeMilliseconds();
        group.Append(EntryContents.DeviceEvent(
            DeviceEventType.ClockStep, $"the device's clock was stepped by {now - steppedFrom} ms", steppedFrom, now));
        LogClockStep(now - steppedFrom);
    }

    [LoggerMessage(2050, LogLevel.Information, "Journal {Path} closed at position {Position}")]
    private partial void LogClosed(string path, long position);

    [LoggerMessage(2053, LogLevel.Warning, "The clock was stepped by {Milliseconds} ms")]
    private partial void LogClockStep(long milliseconds);
}

using Invoicing.Chain;
using Invoicing.Gateway.Clocks;
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

            // Which clock counts may have been told in what was taken back: it is told again.
            _settings.Time.Turn(ClockSource.System);
        }

        (UplinkPosition? uplink, Anchor? anchor) = TakeAcknowledged();
        var group = new RecordingGroup(Stored, _preparation, _tip, _tipSigner, anchor, ReadClock(_tip, anchor, works.Count > 0, out ClockStep? step));
        if (step is { } told && group.Refusal is null && works.Count > 0)
        {
            EnterClockStep(group, told);
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

    private ClockReading ReadClock(JournalState state, Anchor? anchor, bool canTell, out ClockStep? step)
    {
        DeviceClock clock = _settings.Time;
        clock.Raise(state.Head.RecordedAt);
        ClockSource source = clock.Choose();
        long now = clock.At(source);
        long steady = clock.GetTimestamp() / (clock.TimestampFrequency / 1000);
        ClockReading reading = RecordingClock.Read(now, state.Head.RecordedAt, anchor?.LedgerTime ?? 0, state.Enrolment.EnrolledAt);
        step = null;
        if (reading.Fault is not null)
        {
            return reading; // a step that cannot be told yet is seen again
        }

        if (source == clock.Source)
        {
            _clockWatch = _clockWatch.Look(now, steady, out long expected);
            step = expected == 0 ? null : new(expected, now, $"the device's clock was stepped by {now - expected} ms");
        }
        else if (canTell)
        {
            step = Turn(source, now, steady);
        }

        return reading;
    }

    /// <summary>Another clock counts from here on, which the chain says once.</summary>
    private ClockStep? Turn(ClockSource source, long now, long steady)
    {
        DeviceClock clock = _settings.Time;
        long before = clock.At(clock.Source);
        clock.Turn(source);
        _clockWatch = _clockWatch.Turn(now, steady, out bool isTold);
        string text = source == ClockSource.Authority
            ? "the system's clock is not plausible; the authority's time counts"
            : "the system's clock is plausible again, and counts";
        return isTold ? new(before, now, text) : null;
    }

    private void EnterClockStep(RecordingGroup group, ClockStep step)
    {
        group.Append(EntryContents.DeviceEvent(DeviceEventType.ClockStep, step.Text, step.Before, step.After));
        LogClockStep(step.After - step.Before, step.Text);
    }

    [LoggerMessage(2050, LogLevel.Information, "Journal {Path} closed at position {Position}")]
    private partial void LogClosed(string path, long position);

    [LoggerMessage(2053, LogLevel.Warning, "The clock was stepped by {Milliseconds} ms: {Text}")]
    private partial void LogClockStep(long milliseconds, string text);

    private readonly record struct ClockStep(long Before, long After, string Text);
}

using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Signing;
using Microsoft.Extensions.Logging;

namespace Invoicing.Gateway.Recording;

internal sealed partial class Recorder
{
    /// <summary>Time that a group may spend on signatures and inserts, so that its first caller does not wait for a slow token's 256th.</summary>
    private static readonly TimeSpan SigningBudget = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Pages in the write-ahead log at which the writer checkpoints, between two groups and after it has answered: 512 pages of 4 KiB are
    /// copied in about 3 ms, so nobody waits long for it, and the log stays at a few megabytes.
    /// </summary>
    private const int CheckpointPages = 512;

    /// <summary>Longest wait for callers to come back: a tenth of what a person notices, whatever the disk takes.</summary>
    private static readonly TimeSpan MostGathering = TimeSpan.FromMilliseconds(2);

    /// <summary>The same bound for a clock that stands still: a yield takes a microsecond or so.</summary>
    private const int MostYields = 2_000;

    private readonly List<JournalWork> _group = new(MaxGroup);
    private TimeSpan _lastGroup;
    private int _lastWaiting;
    private ClockWatch _clockWatch;
    private double _entryMilliseconds = 0.06;
    private string? _waiting;

    private async Task RunAsync()
    {
#pragma warning disable CA1031 // The one catch-all of this loop: whatever failed, no later write may be made, and every caller is told.
        try
        {
            while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                Gather();
                TakeGroup();
                RunGroup();
                TidyUp();
            }

            LogClosed(_file.Path, State.Head.Position);
            _completion.TrySetResult();
        }
        catch (Exception fault)
        {
            End(fault);
        }
#pragma warning restore CA1031
    }

    /// <summary>
    /// Waits a moment for callers of the last group to come back, if others are waiting already: else callers that ask one after the other
    /// settle into two cohorts, each half of them, and every flush serves half as many. At most a quarter of what the last group took, so
    /// that somebody who never comes back costs little; never for a lone caller.
    /// </summary>
    private void Gather()
    {
        int waiting = _queue.Reader.Count;
        int expected = Math.Min(_lastWaiting + _group.Count, MaxGroup);
        if (_group.Count == 0 || waiting >= expected || _lastWaiting == 0)
        {
            return;
        }

        long start = _settings.Time.GetTimestamp();
        var limit = TimeSpan.FromTicks(Math.Min(_lastGroup.Ticks / 4, MostGathering.Ticks));
        for (int yields = 0; yields < MostYields && _queue.Reader.Count < expected && _settings.Time.GetElapsedTime(start) < limit; yields++)
        {
            Thread.Yield();
        }
    }

    private void TakeGroup()
    {
        _group.Clear();
        int limit = (int)Math.Clamp(SigningBudget.TotalMilliseconds / _entryMilliseconds, 1, MaxGroup);
        int bytes = 0;
        while (_group.Count < limit && bytes < MaxGroupBytes && _queue.Reader.TryRead(out JournalWork? work))
        {
            if (work.TryTake())
            {
                _group.Add(work);
                bytes += work.Size;
            }
        }
    }

    private void RunGroup()
    {
        long start = _settings.Time.GetTimestamp();
        JournalState before = State;
        (UplinkPosition? uplink, Anchor? anchor) = TakeAcknowledged();
        var group = new RecordingGroup(_file, _preparation, before, _signer.KeyId, anchor, ReadClock(before, anchor, out long steppedFrom));
        if (steppedFrom != 0 && group.Refusal is null && _group.Count > 0)
        {
            EnterClockStep(group, steppedFrom);
        }

        foreach (JournalWork work in _group)
        {
            work.Step(group);
        }

        string? refusal = group.HasWrites || uplink is not null || group.StopReason is not null ? TryCommit(group, uplink) : null;
        if (refusal is not null && Waiting != refusal)
        {
            LogSignerUnavailable(refusal);
        }

        Volatile.Write(ref _waiting, refusal ?? group.Refusal ?? group.Exhausted);
        _lastWaiting = _queue.Reader.Count;
        if (refusal is null)
        {
            _group.ForEach(work => work.Complete());
        }
        else
        {
            GiveBack(uplink);
            _group.ForEach(work => work.Refuse(refusal));
        }

        _lastGroup = _settings.Time.GetElapsedTime(start);
    }

    /// <summary>
    /// Begin to commit. A key that fails takes the group back; any other exception in between ends recording: nothing is known of the
    /// outcome, and a retry may lie.
    /// </summary>
    /// <returns>Why the key cannot be used now; <see langword="null"/> if the group is committed.</returns>
    private string? TryCommit(RecordingGroup group, UplinkPosition? uplink)
    {
        long start = _settings.Time.GetTimestamp();
        SigningRound signatures = _signing.Start(group.Entries);
        _file.Begin();
        long retainUntil = (_settings.Time.GetUtcNow() + _settings.AttachmentRetention).ToUnixTimeMilliseconds();
        try
        {
            group.WriteTo(_file, signatures, retainUntil);
        }
        catch (SignerUnavailableException fault)
        {
            _file.Rollback();
            return fault.Message;
        }

        Learn(group.Entries.Count, _settings.Time.GetElapsedTime(start));
        UplinkPosition position = (uplink ?? State.Uplink) with { Stopped = group.StopReason ?? State.Uplink.Stopped };
        if (uplink is not null || group.StopReason is not null)
        {
            _file.Save(position);
        }

        _file.Commit();
        Volatile.Write(ref _state, group.Committed() with { Uplink = position });
        if (group.Entries.Count > 0)
        {
            GatewayMeter.Appended.Add(group.Entries.Count);
            GatewayMeter.GroupSize.Record(group.Entries.Count);
            Growth.Signal();
        }

        return null;
    }

    private void Learn(int entries, TimeSpan elapsed)
    {
        if (entries > 0)
        {
            _entryMilliseconds = Math.Max(0.01, (_entryMilliseconds * 0.9) + (elapsed.TotalMilliseconds / entries * 0.1));
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

    /// <summary>After the callers were answered: nobody waits for this but those who come while it runs.</summary>
    private void TidyUp()
    {
        if (_file.LogPages >= CheckpointPages)
        {
            _file.Checkpoint();
        }
    }

    private void End(Exception fault)
    {
        var failure = new JournalFailedException(_file.Path, fault);
        Volatile.Write(ref _failure, failure);
        LogFailed(_file.Path, fault);
        _queue.Writer.TryComplete();
        _group.ForEach(work => work.Fail(failure));
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

    [LoggerMessage(2050, LogLevel.Information, "Journal {Path} closed at position {Position}")]
    private partial void LogClosed(string path, long position);

    [LoggerMessage(2051, LogLevel.Critical, "A write to {Path} failed: recording has ended and the process is to end")]
    private partial void LogFailed(string path, Exception fault);

    [LoggerMessage(2052, LogLevel.Warning, "Nothing is recorded: {Reason}")]
    private partial void LogSignerUnavailable(string reason);

    [LoggerMessage(2053, LogLevel.Warning, "The clock was stepped by {Milliseconds} ms")]
    private partial void LogClockStep(long milliseconds);
}

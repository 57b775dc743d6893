using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Signing;
using Microsoft.Extensions.Logging;

namespace Invoicing.Gateway.Recording;

internal sealed partial class Recorder
{
    /// <summary>Time that a group may spend on signatures, so that its first caller does not wait for a slow token's 256th.</summary>
    private static readonly TimeSpan SigningBudget = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Pages in the write-ahead log at which the writer checkpoints, between two groups and after it has answered: 512 pages of 4 KiB are
    /// copied in about 3 ms, so nobody waits long for it, and the log stays at a few megabytes.
    /// </summary>
    private const int CheckpointPages = 512;

    private readonly List<JournalWork> _group = new(MaxGroup);
    private ClockWatch _clockWatch;
    private double _signingMilliseconds = 0.06;
    private string? _waiting;

    private async Task RunAsync()
    {
#pragma warning disable CA1031 // The one catch-all of this loop: whatever failed, no later write may be made, and every caller is told.
        try
        {
            while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
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

    private void TakeGroup()
    {
        _group.Clear();
        int limit = (int)Math.Clamp(SigningBudget.TotalMilliseconds / _signingMilliseconds, 1, MaxGroup);
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

        string? refusal = TrySign(group);
        Volatile.Write(ref _waiting, refusal ?? group.Refusal ?? group.Exhausted);
        if (refusal is not null)
        {
            GiveBack(uplink);
            _group.ForEach(work => work.Refuse(refusal));
            return;
        }

        if (group.HasWrites || uplink is not null || group.StopReason is not null)
        {
            Commit(group, uplink);
        }

        _group.ForEach(work => work.Complete());
    }

    /// <summary>Begin to commit. An exception in between ends recording: nothing is known of the outcome, and a retry may lie.</summary>
    private void Commit(RecordingGroup group, UplinkPosition? uplink)
    {
        _file.Begin();
        long retainUntil = (_settings.Time.GetUtcNow() + _settings.AttachmentRetention).ToUnixTimeMilliseconds();
        group.WriteTo(_file, retainUntil);
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
    }

    /// <summary>Signs the group's entries.</summary>
    /// <returns>Why they cannot be signed now; <see langword="null"/> if they are.</returns>
    private string? TrySign(RecordingGroup group)
    {
        if (group.Entries.Count == 0)
        {
            return null;
        }

        long start = _settings.Time.GetTimestamp();
        try
        {
            _signing.Sign(group.Entries);
        }
        catch (SignerUnavailableException fault)
        {
            if (Waiting != fault.Message)
            {
                LogSignerUnavailable(fault.Message);
            }

            return fault.Message;
        }

        double each = _settings.Time.GetElapsedTime(start).TotalMilliseconds / group.Entries.Count;
        _signingMilliseconds = Math.Max(0.01, (_signingMilliseconds * 0.9) + (each * 0.1));
        return null;
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

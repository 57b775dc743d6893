using System.Globalization;
using FirmwareSim.Session;

namespace FirmwareSim.Replay.Tlk;

/// <summary>The register's side of a recorded conversation: <c>(frame or time) → frames to send</c>, until the gateway does something else.</summary>
/// <remarks>
/// No tasks, clock or I/O in here; times are milliseconds of a clock that never steps. What the register began goes out as it was recorded and in
/// that order, each thing once the gateway has answered what it had answered by then; how it groups its answers, and what it asks
/// meanwhile, is its own affair. What it lets wait is said again at a register's pauses (TLK/1 §6.5), so that BUSY is no difference.
/// </remarks>
internal sealed partial class TlkConversation
{
    private readonly TlkScript _script;
    private readonly bool _isTimed;
    private readonly TimeSpan _patience;
    private readonly List<byte[]> _out = [];
    private int _index = -1;
    private int _at;

    /// <summary>When the cue before this one was done, or the connection began.</summary>
    private long _reachedAt;

    /// <summary>When the gateway last did something that was waited for.</summary>
    private long _heardAt;

    private long _saidAt;
    private long _pause = Timing.FirstResend;
    private long _holdUntil;

    /// <summary>Whether the line ended in the middle of a frame: whatever came behind would end that frame.</summary>
    private bool _isCut;

    /// <summary>Whether BUSY is the last thing it said of what is waited for.</summary>
    private bool _saysBusy;

    /// <summary>Whether it said BUSY in this session: records that it could not take at once it has then forgotten.</summary>
    private bool _wasBusy;

    public TlkConversation(TlkScript script, ReplayOptions options)
    {
        (_script, _isTimed, _patience) = (script, options.IsTimed, options.Patience);
        IsOver = script.Connections.Count == 0;
    }

    /// <summary>Whether all was played, or a difference has ended it.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The first difference, in a sentence; null while there is none.</summary>
    public string? Difference { get; private set; }

    /// <summary>Steps of the recording before the one at which it is.</summary>
    public int StepsDone => _index < 0 ? 0 : StepNow - 1;

    private TlkConnection Connection => _script.Connections[_index];

    private int StepNow => IsThrough ? Connection.LastStep + 1 : Connection.Cues[_at].Step;

    /// <summary>Whether the last cue of this connection is done.</summary>
    private bool IsThrough => _at == Connection.Cues.Count;

    /// <summary>The gateway is on the line: the next recorded connection begins.</summary>
    public void Connect(long now)
    {
        _index++;
        _at = 0;
        (_reachedAt, _heardAt, _saidAt, _isCut) = (now, now, now, false);
        ForgetSession();
        _greeting = null;
        _come.Clear();
        _repliesGiven.Clear();
    }

    /// <summary>Says what is due.</summary>
    /// <returns>Frames to send, in this order.</returns>
    public IReadOnlyList<byte[]> Wake(long now)
    {
        while (!IsOver && !IsThrough && Play(Connection.Cues[_at], now))
        {
            (_at, _reachedAt) = (_at + 1, now);
        }

        return Given();
    }

    /// <summary>When <see cref="Wake"/> is needed next if nothing comes; null: never.</summary>
    public long? NextDue(long now)
    {
        if (IsOver)
        {
            return null;
        }

        if (IsThrough)
        {
            return HangUpAt;
        }

        TlkCue cue = Connection.Cues[_at];
        return cue is TlkCue.Hear ? Math.Min(Deadline(cue), AgainAt) : now < SayAt(cue) ? SayAt(cue) : Deadline(cue);
    }

    /// <summary>Whether the register hangs up now.</summary>
    public bool IsConnectionOver(long now)
    {
        if (!IsOver && IsThrough && now >= HangUpAt)
        {
            EndConnection();
            return true;
        }

        return IsOver;
    }

    /// <summary>The gateway has hung up.</summary>
    public void HungUp()
    {
        if (IsOver)
        {
            return;
        }

        if (IsThrough)
        {
            EndConnection();
        }
        else
        {
            Differ("expected the gateway to stay on the line, found that it closed it");
        }
    }

    /// <summary>It has done something that was not recorded.</summary>
    /// <param name="sentence">What was expected and what was found.</param>
    /// <param name="step">At which step; null: at the present one.</param>
    public void Differ(string sentence, int? step = null)
    {
        Difference ??= string.Create(CultureInfo.InvariantCulture, $"step {step ?? Math.Min(StepNow, Connection.LastStep)}: {sentence}");
        IsOver = true;
    }

    private void EndConnection() => IsOver = _index + 1 == _script.Connections.Count;

    /// <summary>For as long as the line was up after the last step, the gateway may hang up by itself; what it asks meanwhile is answered.</summary>
    private long HangUpAt => _reachedAt + Math.Min(Connection.Lingers ?? 0, (long)_patience.TotalMilliseconds);

    private long AgainAt => Math.Max(_saidAt + _pause, _holdUntil);

    /// <summary>When a cue is due: with pauses kept, as long after the one before as then.</summary>
    private long SayAt(TlkCue cue) =>
        _isTimed && _at > 0 ? _reachedAt + Math.Max(0, cue.Milliseconds - Connection.Cues[_at - 1].Milliseconds) : _reachedAt;

    /// <summary>When what a cue waits for has taken too long.</summary>
    private long Deadline(TlkCue cue) => Math.Max(cue is TlkCue.Hear ? _reachedAt : SayAt(cue), _heardAt) + (long)_patience.TotalMilliseconds;

    /// <summary>Does a cue, if it can be done now.</summary>
    /// <returns>Whether it is done.</returns>
    private bool Play(TlkCue cue, long now)
    {
        if (cue is TlkCue.Hear hear)
        {
            return IsHeard(hear) || Await(hear, now);
        }

        if (now < SayAt(cue))
        {
            return false;
        }

        if (cue is TlkCue.Record record && MissingGet(record.Content) is string missing)
        {
            if (now >= Deadline(cue))
            {
                Differ($"{record.Content.Subject}: expected {missing} for {TlkPlayer.Seconds(_patience)}");
            }

            return false;
        }

        Say((TlkCue.Said)cue, now);
        return true;
    }

    private bool IsHeard(TlkCue.Hear hear) => Connection.Answers[hear.Subject].IndexOf(hear.Answer) < _come.GetValueOrDefault(hear.Subject);

    /// <summary>Says again what the gateway lets wait; what it did not answer for too long is a difference.</summary>
    private bool Await(TlkCue.Hear hear, long now)
    {
        if (now >= Deadline(hear))
        {
            Differ($"{hear.Subject}: expected {hear.Answer}, found {(_saysBusy ? "BUSY" : "nothing")} for {TlkPlayer.Seconds(_patience)}");
        }
        else if (now >= AgainAt)
        {
            (_saidAt, _pause) = (now, Timing.Doubled(_pause));
            _out.AddRange(hear.Subject.Hello == 0 ? _underWay.Select(record => record.Wire) : _greeting is { } greeting ? [greeting.Wire] : []);
        }

        return false;
    }

    private void Say(TlkCue.Said cue, long now)
    {
        (_saidAt, _pause) = (now, Timing.FirstResend);
        _out.Add(cue.Wire);
        switch (cue)
        {
            case TlkCue.Hello hello when _greeting?.Number != hello.Number:
                ForgetSession();
                _greeting = hello;
                break;
            case TlkCue.Record record:
                _said.Add(record.Content.Subject);
                _underWay.RemoveAll(other => other.Content.Subject == record.Content.Subject);
                _underWay.Add(record);
                break;
        }
    }

    /// <summary>What goes out now: nothing behind half a frame.</summary>
    private List<byte[]> Given()
    {
        List<byte[]> given = [];
        foreach (byte[] wire in _out)
        {
            if (!_isCut)
            {
                given.Add(wire);
                _isCut = wire[^1] != 0;
            }
        }

        _out.Clear();
        return given;
    }
}

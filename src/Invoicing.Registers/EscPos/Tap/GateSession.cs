using Invoicing.Registers.EscPos.Tokens;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>A tap that holds each job to its end, and prints it when it is known what became of the sale, or when the time limit is over.</summary>
/// <remarks>
/// Jobs print in the order they came. The till's questions and the drawer's pulse do not wait: they go to the printer at once and are left
/// out of what is printed later. Holds at most <see cref="MostWaiting"/> jobs and <see cref="MostBytes"/> bytes; then the till waits.
/// </remarks>
/// <param name="options">Settings.</param>
internal sealed partial class GateSession(TapOptions options) : ITapCore
{
    /// <summary>Most jobs that wait to be printed: a minute of a till that prints one every four seconds.</summary>
    internal const int MostWaiting = 16;

    /// <summary>Bytes of waiting jobs at which the till has to wait, too.</summary>
    internal const int MostBytes = 2 * JobAssembler.MaxJob;

    private readonly PrintedBlock _block = new(options.Block);
    private readonly LinkedList<Waiting> _waiting = [];
    private readonly Dictionary<int, CapturedJob> _refused = [];
    private JobAssembler _job = new(options.PulseEndsJob);
    private EscPosTokenizer _tokenizer = new();
    private long _lastByte;
    private long _bytes;
    private int _tickets;
    private bool _passes; // the job outgrew what is held; what comes of it goes on at once

    /// <inheritdoc/>
    public bool IsFull => _waiting.Count >= MostWaiting || _bytes >= MostBytes;

    /// <inheritdoc/>
    public long? NextWake
    {
        get
        {
            long? idle = _job.Length > 0 || _tokenizer.IsInside ? _lastByte + (long)options.IdleLimit.TotalMilliseconds : null;
            long? limit = _waiting.FirstOrDefault(waiting => waiting.Ready is null)?.Limit;
            return idle is null ? limit : limit is null ? idle : Math.Min(idle.Value, limit.Value);
        }
    }

    /// <inheritdoc/>
    public void TillBytes(ReadOnlySpan<byte> bytes, long now, List<GateEffect> effects)
    {
        _lastByte = now;
        while (_tokenizer.TryRead(ref bytes, out EscPosToken token))
        {
            Take(token, now, effects);
        }

        Flush(effects);
    }

    /// <inheritdoc/>
    public void Missed() => _job.Miss();

    /// <inheritdoc/>
    public void TillGone(long now, List<GateEffect> effects) => End(now, effects);

    /// <inheritdoc/>
    public void Tick(long now, List<GateEffect> effects)
    {
        if ((_job.Length > 0 || _tokenizer.IsInside) && _lastByte + (long)options.IdleLimit.TotalMilliseconds <= now)
        {
            End(now, effects);
        }

        foreach (Waiting waiting in _waiting)
        {
            if (waiting.Ready is null && waiting.Limit <= now)
            {
                AtLimit(waiting, effects);
            }
        }

        Flush(effects);
    }

    private void Take(EscPosToken token, long now, List<GateEffect> effects)
    {
        bool isAtOnce = token.IsRequest || token.IsPulse || _passes;
        if (isAtOnce)
        {
            effects.Add(new GateEffect.Print(token.Bytes.ToArray(), IsPassing: !_passes));
        }

        JobStep step = _job.Add(token, isAtOnce);
        if (_job.IsTooLong && !_passes)
        {
            PassOn(isAtOnce ? [] : token.Bytes, effects);
        }

        switch (step)
        {
            case JobStep.Ended:
                Hold(_job.TakeEnded(), now, effects);
                break;
            case JobStep.Service:
                Let(_job.TakeRest(JobEnd.Cut).Print([]));
                break;
            default:
                break;
        }
    }

    /// <summary>The job is longer than is kept: what was held of it prints now, behind what waits, and the rest as it comes.</summary>
    private void PassOn(ReadOnlySpan<byte> last, List<GateEffect> effects)
    {
        effects.Add(new GateEffect.Count(TapCounters.PassedUnheld));
        foreach (Waiting waiting in _waiting.Where(waiting => waiting.Ready is null))
        {
            AtLimit(waiting, effects);
        }

        // What was kept ends in the middle of this piece, which has to go out whole.
        CapturedJob job = _job.Peek();
        int cut = Math.Min(last.Length, JobAssembler.MaxJob - job.EndAt);
        byte[] held = job.Print([]);
        Let([.. held.AsSpan(0, held.Length - cut), .. last]);
        Flush(effects);
        _passes = true;
    }

    private void Hold(CapturedJob job, long now, List<GateEffect> effects)
    {
        effects.Add(new GateEffect.Count(job.End == JobEnd.Torn ? TapCounters.Torn : TapCounters.Jobs));
        effects.Add(new GateEffect.Keep(++_tickets, job));
        if (_passes)
        {
            _passes = false; // its paper is out
            return;
        }

        if (job.End != JobEnd.Torn)
        {
            _bytes += job.Bytes.Length;
            _waiting.AddLast(new Waiting(_tickets, job, now + (long)options.TimeLimit.TotalMilliseconds));
        }
    }

    /// <summary>Lets bytes through that are no job, behind the jobs that wait.</summary>
    private void Let(byte[] bytes)
    {
        if (bytes.Length > 0)
        {
            _bytes += bytes.Length;
            _waiting.AddLast(new Waiting(0, null, 0) { Ready = bytes, Size = bytes.Length });
        }
    }

    /// <summary>Prints what is ready, up to the first that is not.</summary>
    private void Flush(List<GateEffect> effects)
    {
        while (_waiting.First?.Value is { Ready: { } ready } first)
        {
            _waiting.RemoveFirst();
            _bytes -= first.Job?.Bytes.Length ?? first.Size;
            if (ready.Length > 0)
            {
                effects.Add(new GateEffect.Print(ready));
            }
        }
    }

    private void End(long now, List<GateEffect> effects)
    {
        bool isTorn = !options.JobsEndWithoutCut;
        int torn = 0;
        if (_tokenizer.TryFlush(out EscPosToken rest))
        {
            torn = rest.Kind == EscPosKind.Torn ? rest.Bytes.Length : 0;
            isTorn |= torn > 0;
            _job.Add(rest, _passes);
            if (_passes)
            {
                effects.Add(new GateEffect.Print(rest.Bytes.ToArray()));
            }
        }

        _tokenizer = new();
        bool hasContent = _job.HasContent;
        CapturedJob job = _job.TakeRest(isTorn ? JobEnd.Torn : JobEnd.Idle);
        _job = new(options.PulseEndsJob);
        if (hasContent)
        {
            Hold(job, now, effects);
        }
        else if (!_passes)
        {
            Let(job.Print([])[..^torn]); // settings, a logo to keep: whole commands that print nothing
        }

        _passes = false;
        Flush(effects);
    }

    private sealed record Waiting(int Ticket, CapturedJob? Job, long Limit)
    {
        /// <summary>What is to be printed, once that is known.</summary>
        internal byte[]? Ready { get; set; }

        internal int Size { get; init; }
    }
}

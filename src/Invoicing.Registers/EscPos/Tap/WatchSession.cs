using Invoicing.Registers.EscPos.Tokens;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>A tap that holds nothing: it looks on while bytes pass by (observe), or stands in for a printer that is not there (virtual).</summary>
/// <param name="options">Settings.</param>
/// <param name="answers">What answers the till's questions; <see langword="null"/> where a printer does.</param>
internal sealed class WatchSession(TapOptions options, PrinterAnswers? answers) : ITapCore
{
    private readonly JobAssembler _job = new(options.PulseEndsJob);
    private EscPosTokenizer _tokenizer = new();
    private long _lastByte;
    private int _tickets;

    /// <inheritdoc/>
    public bool IsFull => false;

    /// <inheritdoc/>
    public long? NextWake => _job.Length > 0 || _tokenizer.IsInside ? _lastByte + (long)options.IdleLimit.TotalMilliseconds : null;

    /// <inheritdoc/>
    public void TillBytes(ReadOnlySpan<byte> bytes, long now, List<GateEffect> effects)
    {
        _lastByte = now;
        while (_tokenizer.TryRead(ref bytes, out EscPosToken token))
        {
            if (answers?.Answer(token) is { Length: > 0 } answer)
            {
                effects.Add(new GateEffect.Answer(answer));
            }

            switch (_job.Add(token, isSent: false))
            {
                case JobStep.Ended:
                    Keep(_job.TakeEnded(), effects);
                    break;
                case JobStep.Service:
                    _job.TakeRest(JobEnd.Cut);
                    break;
                default:
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public void Missed() => _job.Miss();

    /// <inheritdoc/>
    public void TillGone(long now, List<GateEffect> effects) => End(effects);

    /// <inheritdoc/>
    public void Done(int ticket, JobFate fate, long now, List<GateEffect> effects)
    {
        // Nothing waits for it: the paper is out, or there is none.
    }

    /// <inheritdoc/>
    public void Tick(long now, List<GateEffect> effects)
    {
        if (NextWake <= now)
        {
            End(effects);
        }
    }

    /// <summary>Nothing more comes of this job.</summary>
    private void End(List<GateEffect> effects)
    {
        bool isTorn = !options.JobsEndWithoutCut;
        if (_tokenizer.TryFlush(out EscPosToken rest))
        {
            isTorn |= rest.Kind == EscPosKind.Torn;
            _job.Add(rest, isSent: false);
        }

        _tokenizer = new();
        bool hasContent = _job.HasContent;
        CapturedJob job = _job.TakeRest(isTorn ? JobEnd.Torn : JobEnd.Idle);
        if (hasContent)
        {
            Keep(job, effects);
        }
    }

    private void Keep(CapturedJob job, List<GateEffect> effects)
    {
        effects.Add(new GateEffect.Count(job.End == JobEnd.Torn ? TapCounters.Torn : TapCounters.Jobs));
        effects.Add(new GateEffect.Keep(++_tickets, job));
    }
}

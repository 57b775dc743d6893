using System.Collections.Immutable;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;

namespace Invoicing.Gateway.Uplink;

/// <summary>An uplink's whole behaviour as a pure function: what happens in, what to do out. A thin pump runs it.</summary>
/// <remarks>Source: design.md 5.3 to 5.5 and 5.14; <c>intake.proto</c>.</remarks>
internal static class UplinkStep
{
    /// <summary>Most entries of a batch. Source: intake.proto, Batch.</summary>
    public const int MaxBatchEntries = 1024;

    /// <summary>Most bytes of a batch. Source: intake.proto, Batch.</summary>
    public const long MaxBatchBytes = 1 << 20;

    /// <summary>Takes one step.</summary>
    /// <param name="state">What is known.</param>
    /// <param name="input">What happened.</param>
    /// <param name="effects">What to do, in this order.</param>
    /// <returns>What is known then.</returns>
    public static UplinkState Take(UplinkState state, UplinkInput input, out ImmutableArray<UplinkEffect> effects)
    {
        ImmutableArray<UplinkEffect>.Builder wanted = ImmutableArray.CreateBuilder<UplinkEffect>();
        UplinkState next = state.Phase == UplinkPhase.Halted ? state : input switch
        {
            UplinkInput.Opened opened => Open(state, opened),
            UplinkInput.Challenged challenged => Greet(state, challenged.Nonce, wanted),
            UplinkInput.Probed probed => Live(state, probed.Nonce, wanted),
            UplinkInput.RunsLow low => AskRanges(state, low.Need, wanted),
            UplinkInput.Granted granted => Note(state, granted, wanted),
            UplinkInput.Grown grown => Send(state with { Head = Math.Max(state.Head, grown.Head) }, wanted),
            UplinkInput.Welcomed welcomed => Welcome(state, welcomed, wanted),
            UplinkInput.Answered answered => Answer(state, answered.Watermark, wanted),
            UplinkInput.Judged judged => Judge(state, judged, wanted),
            UplinkInput.Refused refused => Refuse(state, refused, wanted),
            UplinkInput.Written written => Send(Note(state, written), wanted),
            UplinkInput.Resigned resigned => Resign(state, resigned.Outcome, wanted),
            UplinkInput.Closed => Apart(state),
            _ => throw new InvalidOperationException($"expected an input that is known, found {input}"),
        };
        effects = wanted.ToImmutable();
        return next;
    }

    private static UplinkState Apart(UplinkState state) => state with
    {
        Phase = UplinkPhase.Apart,
        UnderWay = [],
        BytesUnderWay = 0,
        IsSending = false,
    };

    private static UplinkState Open(UplinkState state, UplinkInput.Opened opened) => Apart(state) with
    {
        Phase = UplinkPhase.Meeting,
        Head = opened.Head,
        VerdictCursor = opened.VerdictCursor,
        HasProgressed = false,
        HasAskedRanges = false,
    };

    private static UplinkState Greet(UplinkState state, ReadOnlyMemory<byte> nonce, ImmutableArray<UplinkEffect>.Builder effects)
    {
        if (state.Phase != UplinkPhase.Meeting || nonce.Length != PossessionProof.NonceLength)
        {
            return End(state, $"expected one challenge of {PossessionProof.NonceLength} bytes, found another or one of {nonce.Length}", effects);
        }

        effects.Add(new UplinkEffect.SendHello(nonce));
        return state with { Phase = UplinkPhase.Greeting };
    }

    private static UplinkState Live(UplinkState state, ReadOnlyMemory<byte> nonce, ImmutableArray<UplinkEffect>.Builder effects)
    {
        if (nonce.Length != PossessionProof.NonceLength)
        {
            return End(state, $"expected a probe of {PossessionProof.NonceLength} bytes, found one of {nonce.Length}", effects);
        }

        effects.Add(new UplinkEffect.SendAlive(nonce));
        return state;
    }

    private static UplinkState AskRanges(UplinkState state, RangeNeed need, ImmutableArray<UplinkEffect>.Builder effects)
    {
        if (state.Phase != UplinkPhase.Streaming || state.HasAskedRanges)
        {
            return state;
        }

        effects.Add(new UplinkEffect.AskRanges(need));
        return state with { HasAskedRanges = true };
    }

    private static UplinkState Note(UplinkState state, UplinkInput.Granted granted, ImmutableArray<UplinkEffect>.Builder effects)
    {
        if (!state.HasAskedRanges)
        {
            return End(state, "expected no ranges before they were asked for, found some", effects);
        }

        if (granted.Grant is not { } grant || grant.Number <= state.LastGrant)
        {
            // Asked for again on the next stream, and not at once: whoever answers with nothing new would answer so for ever.
            return state with { RangeTrouble = granted.Grant is { } old ? $"expected a grant after {state.LastGrant}, found {old.Number}" : granted.Text };
        }

        effects.Add(new UplinkEffect.Note(grant, granted.Statement!));
        return state with { HasAskedRanges = false, RangeTrouble = null, LastGrant = grant.Number, HasProgressed = true };
    }

    private static UplinkState Welcome(UplinkState state, UplinkInput.Welcomed welcomed, ImmutableArray<UplinkEffect>.Builder effects)
    {
        if (state.Phase != UplinkPhase.Greeting)
        {
            return End(state, "expected one welcome, found another", effects);
        }

        Finding finding = welcomed.Watermark.Judge(state.Chain, state.Checkpoint, out string text);
        state = state with { WindowEntries = Math.Max(1, welcomed.WindowEntries), WindowBytes = Math.Max(1, welcomed.WindowBytes) };
        if (Consequence.Of(finding).Sending is not (SendingGoes.Resume or SendingGoes.Resend))
        {
            return Follow(state, finding, text, effects);
        }

        long position = welcomed.Watermark.Verified?.Position ?? 0;
        state = Advance(state, welcomed.Watermark, effects) with
        {
            Phase = UplinkPhase.Streaming,
            Acknowledged = position,
            Sent = position,
            Alarm = finding == Finding.AuthorityBehind ? text : null,
        };
        return Send(state, effects);
    }

    private static UplinkState Answer(UplinkState state, WatermarkCheck check, ImmutableArray<UplinkEffect>.Builder effects)
    {
        if (state.Phase != UplinkPhase.Streaming)
        {
            return End(state, "expected a welcome first, found an answer", effects);
        }

        // On this stream the watermark can only rise from where the authority stood when it welcomed us.
        Finding finding = check.Judge(state.Chain, state.Acknowledged, out string text);
        return finding == Finding.SameHistory && check.Verified is not null
            ? Send(Advance(state, check, effects), effects)
            : Follow(state, finding, text, effects);
    }

    private static UplinkState Advance(UplinkState state, WatermarkCheck check, ImmutableArray<UplinkEffect>.Builder effects)
    {
        if (check.Verified is not { } watermark)
        {
            return state;
        }

        bool isFurther = watermark.Position > state.Checkpoint;
        if (watermark.Position >= state.Checkpoint)
        {
            effects.Add(new UplinkEffect.Acknowledge(watermark, check.Statement!));
        }

        ImmutableQueue<SentRun> underWay = state.UnderWay;
        long bytes = state.BytesUnderWay;
        while (!underWay.IsEmpty && underWay.Peek().Last <= watermark.Position)
        {
            underWay = underWay.Dequeue(out SentRun done);
            bytes -= done.Bytes;
        }

        return state with
        {
            Checkpoint = Math.Max(state.Checkpoint, watermark.Position),
            Acknowledged = Math.Max(state.Acknowledged, watermark.Position),
            Sent = Math.Max(state.Sent, watermark.Position),
            UnderWay = underWay,
            BytesUnderWay = bytes,
            HasProgressed = state.HasProgressed || isFurther,
            Alarm = watermark.Position >= state.Checkpoint ? null : state.Alarm,
        };
    }

    private static UplinkState Note(UplinkState state, UplinkInput.Written written) => state with
    {
        IsSending = false,
        Sent = Math.Max(state.Sent, written.Last),

        // The answer may have come before the write was noted.
        UnderWay = written.Last > state.Acknowledged ? state.UnderWay.Enqueue(new(written.Last, written.Bytes)) : state.UnderWay,
        BytesUnderWay = written.Last > state.Acknowledged ? state.BytesUnderWay + written.Bytes : state.BytesUnderWay,
    };

    /// <summary>Sends all that is unsent and fits the window, as one batch; one batch is written at a time.</summary>
    private static UplinkState Send(UplinkState state, ImmutableArray<UplinkEffect>.Builder effects)
    {
        if (state.Phase != UplinkPhase.Streaming || state.IsSending || state.Sent >= state.Head)
        {
            return state;
        }

        long entries = state.WindowEntries - (state.Sent - state.Acknowledged);
        long bytes = state.WindowBytes - state.BytesUnderWay;
        bool isEmpty = state.UnderWay.IsEmpty;

        // With nothing under way one entry always goes, however small the window: else a large one would never.
        if (!isEmpty && (entries <= 0 || bytes < EntryFields.MaxBody))
        {
            return state;
        }

        effects.Add(new UplinkEffect.SendBatch(
            state.Sent, (int)Math.Clamp(entries, 1, MaxBatchEntries), Math.Clamp(bytes, 1, MaxBatchBytes)));
        return state with { IsSending = true };
    }

    private static UplinkState Judge(UplinkState state, UplinkInput.Judged judged, ImmutableArray<UplinkEffect>.Builder effects)
    {
        if (judged.Fault is { } fault)
        {
            return Follow(state, Finding.NoConnection, fault, effects);
        }

        List<(Verdict Verdict, SignedVerdict Statement)> fresh = [.. judged.Verdicts.Where(v => v.Verdict.Number > state.VerdictCursor)];
        for (int i = 0; i < fresh.Count; i++)
        {
            if (fresh[i].Verdict.Chain != state.Chain || fresh[i].Verdict.Number != state.VerdictCursor + 1 + i)
            {
                return Follow(
                    state, Finding.NoConnection,
                    $"expected verdict {state.VerdictCursor + 1 + i} of chain {state.Chain}, found {fresh[i].Verdict.Number} of {fresh[i].Verdict.Chain}",
                    effects);
            }
        }

        if (fresh.Count == 0)
        {
            return state;
        }

        effects.Add(new UplinkEffect.Store(fresh));
        return state with { VerdictCursor = fresh[^1].Verdict.Number, HasProgressed = true };
    }

    private static UplinkState Refuse(UplinkState state, UplinkInput.Refused refused, ImmutableArray<UplinkEffect>.Builder effects)
    {
        // What the authority can prove counts before what it says.
        Finding proven = refused.Watermark.Judge(state.Chain, checkpoint: 0, out string proof);
        if (proven == Finding.ForeignHistory)
        {
            return Follow(state, proven, proof, effects);
        }

        string text = $"entry {refused.Position} was refused ({refused.Reason}): {refused.Text}";
        if (refused.Reason != ChainFaultReason.Signature)
        {
            return Follow(state, Finding.EntryRefused, text, effects);
        }

        effects.Add(new UplinkEffect.Resign(refused.Position));
        return state with { Phase = UplinkPhase.Resigning, Resigning = refused.Position, HaltReason = text };
    }

    private static UplinkState Resign(UplinkState state, ResignOutcome outcome, ImmutableArray<UplinkEffect>.Builder effects)
    {
        string text = state.HaltReason ?? string.Empty;
        state = state with { HaltReason = null, Resigning = 0 };
        return outcome switch
        {
            ResignOutcome.Signed => End(state with { HasProgressed = true }, $"{text}; it was signed again", effects),
            ResignOutcome.NotNow => End(state, $"{text}; it cannot be signed again now", effects),
            _ => Follow(state, Finding.SignatureRefusedAgain, text, effects),
        };
    }

    /// <summary>Does what the table says.</summary>
    private static UplinkState Follow(UplinkState state, Finding finding, string text, ImmutableArray<UplinkEffect>.Builder effects)
    {
        var row = Consequence.Of(finding);
        if (row.Recording == RecordingGoes.Stop)
        {
            effects.Add(new UplinkEffect.StopRecording(text));
        }

        return row.Sending == SendingGoes.Halt
            ? End(state with { HaltReason = text, WayOut = row.WayOut }, text, effects) with { Phase = UplinkPhase.Halted }
            : End(state, text, effects);
    }

    private static UplinkState End(UplinkState state, string reason, ImmutableArray<UplinkEffect>.Builder effects)
    {
        effects.Add(new UplinkEffect.End(reason));
        return Apart(state);
    }
}

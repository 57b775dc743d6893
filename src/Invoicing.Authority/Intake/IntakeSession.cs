using Grpc.Core;
using Invoicing.Authority.Ledger;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Protos.V1;

namespace Invoicing.Authority.Intake;

/// <summary>The protocol of one stream as a step function: (state, input) to (state, effects). No tasks, no clock, no I/O.</summary>
/// <remarks>
/// Frames that wait are verified as one run, one run at a time; while one is committed the next is verified. Entries ahead of a faulty one
/// are stored and answered before the refusal. Source: design.md 5.3, 5.14; <c>intake.proto</c>.
/// </remarks>
internal static partial class IntakeSession
{
    /// <summary>Makes one step.</summary>
    /// <param name="state">Before.</param>
    /// <param name="input">What happened.</param>
    /// <param name="effects">What has to be done, added in order.</param>
    /// <returns>After.</returns>
    public static IntakeState Step(IntakeState state, IntakeInput input, List<IntakeEffect> effects)
    {
        if (state.Phase == IntakePhase.Ended)
        {
            return state; // what comes back from the ledger after a fence concerns nobody
        }

        IntakeState next = input switch
        {
            IntakeInput.Started => Start(state, effects),
            IntakeInput.Frames frames => Take(state, frames.Received, effects),
            IntakeInput.Opened opened when state.Phase == IntakePhase.Identifying => Identify(state, opened.Opening, effects),
            IntakeInput.Opened opened when state.Phase == IntakePhase.Opening => Welcome(state, opened.Opening, effects),
            IntakeInput.Opened => state, // the stream was stopped while the ledger was asked
            IntakeInput.GreetingIsOver => EndUngreeted(state, effects),
            IntakeInput.Proven proven => Claim(state, proven.Fault, effects),
            IntakeInput.Claimed claimed => Open(state, claimed.Refusal, effects),
            IntakeInput.Probed probed => Probe(state, probed.Nonce, effects),
            IntakeInput.AliveProven alive => NoteAlive(state, alive.Holds, effects),
            IntakeInput.Granted granted => TellGranted(state, granted.Outcome, effects),
            IntakeInput.Verified verified => Append(state, verified, effects),
            IntakeInput.Answered answered => Answer(state, answered, effects),
            IntakeInput.Finished => EndWith(state, StatusCode.OK, string.Empty),
            IntakeInput.Stopped { IsGraceful: true } stopped => EndWith(state, stopped.Code, stopped.Text),
            IntakeInput.Stopped stopped => EndNow(state, stopped.Code, stopped.Text, effects),
            _ => throw new InvalidOperationException($"unknown input {input.GetType().Name}"),
        };
        return Settle(next, effects);
    }

    private static IntakeState Take(IntakeState state, IReadOnlyList<IntakeFrame> frames, List<IntakeEffect> effects)
    {
        foreach (IntakeFrame frame in frames)
        {
            state = frame switch
            {
                _ when state.Phase is IntakePhase.Ending or IntakePhase.Ended => state, // the caller could not know yet
                IntakeFrame.Greeting greeting when state.Phase == IntakePhase.Greeting => Greet(state, greeting.Message, effects),
                IntakeFrame.Run run when state.Phase == IntakePhase.Open => Enqueue(state, run, effects),
                IntakeFrame.Ranges ranges when state.Phase == IntakePhase.Open => Grant(state, ranges.Wish, effects),
                IntakeFrame.Ranges => EndNow(state, StatusCode.InvalidArgument, "expected a hello and its welcome before a request for ranges", effects),
                IntakeFrame.Alive alive => TakeAlive(state, alive.Proof, effects),
                IntakeFrame.Greeting => EndNow(state, StatusCode.InvalidArgument, "expected one hello, found another", effects),
                IntakeFrame.Run => EndNow(state, StatusCode.InvalidArgument, "expected a hello and its welcome before the first batch, found a batch", effects),
                IntakeFrame.Unreadable unreadable => EndNow(state, StatusCode.InvalidArgument, unreadable.Text, effects),
                _ => throw new InvalidOperationException($"unknown frame {frame.GetType().Name}"),
            };
        }

        return state;
    }

    private static IntakeState Greet(IntakeState state, Hello hello, List<IntakeEffect> effects)
    {
        string? fault = hello.Protocol != IntakeLimits.Protocol ? $"protocol: expected {IntakeLimits.Protocol}, found {hello.Protocol}"
            : hello.Chain.Length != ChainId.Length ? $"chain: expected {ChainId.Length} bytes, found {hello.Chain.Length}"
            : hello.HeadPosition > EntryFields.MaxPosition ? $"head_position: expected at most 2^62, found {hello.HeadPosition}"
            : hello.HeadHash.Length != (hello.HeadPosition == 0 ? 0 : Sha256Hash.Length)
                ? $"head_hash: expected {(hello.HeadPosition == 0 ? 0 : Sha256Hash.Length)} bytes, found {hello.HeadHash.Length}"
            : hello.VerdictCursor > EntryFields.MaxPosition ? $"verdict_cursor: expected at most 2^62, found {hello.VerdictCursor}"
            : hello.Software.Length > 100 ? $"software: expected at most 100 characters, found {hello.Software.Length}"
            : hello.Instance.Length != PossessionProof.InstanceLength
                ? $"instance: expected {PossessionProof.InstanceLength} bytes, found {hello.Instance.Length}"
            : ProofFault(hello.Proof) is { } proof ? proof
            : hello.Enrolment.Length > IntakeLimits.EnrolmentBytes
                ? $"enrolment: expected at most {IntakeLimits.EnrolmentBytes} bytes, found {hello.Enrolment.Length}"
            : null;
        if (fault is not null)
        {
            return EndNow(state, StatusCode.InvalidArgument, fault, effects);
        }

        effects.Add(new IntakeEffect.Open(new(hello.Chain.Span), Fences: false));
        return state with { Phase = IntakePhase.Identifying, Hello = hello };
    }

    private static IntakeState Enqueue(IntakeState state, IntakeFrame.Run run, List<IntakeEffect> effects)
    {
        string? fault = run.Entries.Count is 0 or > IntakeLimits.BatchEntries
                ? $"expected a batch of 1 to {IntakeLimits.BatchEntries} entries, found {run.Entries.Count}"
            : run.Bytes > IntakeLimits.BatchBytes ? $"expected a batch of at most {IntakeLimits.BatchBytes} bytes, found {run.Bytes}"
            : state.UnansweredEntries + run.Entries.Count > IntakeLimits.WindowEntries
                ? $"expected at most {IntakeLimits.WindowEntries} entries unanswered, found {state.UnansweredEntries + run.Entries.Count}"
            : state.UnansweredBytes + run.Bytes > IntakeLimits.WindowBytes
                ? $"expected at most {IntakeLimits.WindowBytes} bytes unanswered, found {state.UnansweredBytes + run.Bytes}"
            : null;
        return fault is not null
            ? EndNow(state, StatusCode.ResourceExhausted, fault, effects)
            : state with
            {
                Waiting = state.Waiting.Add(run),
                UnansweredEntries = state.UnansweredEntries + run.Entries.Count,
                UnansweredBytes = state.UnansweredBytes + run.Bytes,
            };
    }

    private static IntakeState Append(IntakeState state, IntakeInput.Verified verified, List<IntakeEffect> effects)
    {
        state = state with { IsVerifying = false, Verified = verified.After };
        if (verified.Run is { } run)
        {
            effects.Add(new IntakeEffect.Append(run, verified.Bytes));
            state = state with { RunsUnderWay = state.RunsUnderWay + 1 };
        }

        return verified.Fault is { } fault ? RefuseLater(state, fault.Reason, fault.Position, fault.Text) : state;
    }

    private static IntakeState Answer(IntakeState state, IntakeInput.Answered answered, List<IntakeEffect> effects)
    {
        state = state with { RunsUnderWay = state.RunsUnderWay - 1 };
        switch (answered.Outcome)
        {
            case AppendOutcome.Stored stored:
                if (stored.Verdicts.Count > 0)
                {
                    effects.Add(new IntakeEffect.Verdicts(stored.Verdicts));
                }

                // Several runs in one commit have one watermark: it is sent once, with the last of them.
                if (stored.Position > state.AnsweredPosition && answered.Outcome is AppendOutcome.Stored)
                {
                    effects.Add(new IntakeEffect.Answer(stored.Watermark, stored.Position));
                }

                return state with
                {
                    Watermark = stored.Watermark,
                    AnsweredPosition = stored.Position,
                    UnansweredEntries = state.UnansweredEntries - answered.Entries,
                    UnansweredBytes = state.UnansweredBytes - answered.Bytes,
                };

            case AppendOutcome.Stale:
                return EndNow(state, StatusCode.Aborted, "fenced: the ledger has gone on with another stream of this chain", effects);

            case AppendOutcome.EnrolmentUsed used:
                return RefuseLater(
                    state, ChainFaultReason.Opening, 1, $"expected an enrolment that started no chain, found chain {used.User} on it: enrol this device anew");

            case AppendOutcome.Refused refused:
                return EndNow(state, StatusCode.Internal, $"the ledger refused a verified run: {refused.Text}", effects);

            default:
                throw new InvalidOperationException($"unknown outcome {answered.Outcome.GetType().Name}");
        }
    }

    private static IntakeState RefuseLater(IntakeState state, ChainFaultReason reason, long position, string text)
    {
        string cut = text.Length <= IntakeLimits.Text ? text : text[..(IntakeLimits.Text - 1)] + "…";
        return EndWith(state, StatusCode.FailedPrecondition, cut) with
        {
            Refusal = state.Refusal ?? new IntakeEffect.Refuse(reason, position, cut, Watermark: null),
            Waiting = [],
        };
    }

    private static IntakeState EndWith(IntakeState state, StatusCode code, string text) =>
        state.Ending is not null ? state : state with { Phase = IntakePhase.Ending, Ending = new(code, text) };

    private static IntakeState EndNow(IntakeState state, StatusCode code, string text, List<IntakeEffect> effects)
    {
        effects.Add(new IntakeEffect.End(code, text));
        return state with { Phase = IntakePhase.Ended, Waiting = [] };
    }

    /// <summary>Whatever the step was: verifies what waits, and ends once nothing is under way.</summary>
    private static IntakeState Settle(IntakeState state, List<IntakeEffect> effects)
    {
        if (state.Phase is IntakePhase.Open or IntakePhase.Ending && state.Waiting.Length > 0 && !state.IsVerifying
            && state.RunsUnderWay < IntakeLimits.RunsUnderWay)
        {
            effects.Add(new IntakeEffect.Verify(state.Verified!, state.Waiting));
            state = state with { IsVerifying = true, Waiting = [] };
        }

        if (state.Phase == IntakePhase.Ending && state.Waiting.Length == 0 && !state.IsVerifying && state.RunsUnderWay == 0)
        {
            if (state.Refusal is { } refusal)
            {
                effects.Add(refusal with { Watermark = state.Watermark });
            }

            effects.Add(state.Ending!);
            state = state with { Phase = IntakePhase.Ended };
        }

        return state;
    }
}

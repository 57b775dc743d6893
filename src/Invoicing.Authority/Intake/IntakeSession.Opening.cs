using Grpc.Core;
using Invoicing.Authority.Ledger;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Protos.V1;

namespace Invoicing.Authority.Intake;

/// <summary>From hello to welcome: whose chain it is, then where it stands.</summary>
internal static partial class IntakeSession
{
    /// <summary>Nobody fences a stream before it is known that the chain is his.</summary>
    private static IntakeState Identify(IntakeState state, ChainOpening opening, List<IntakeEffect> effects)
    {
        Hello hello = state.Hello!;
        var chain = new ChainId(hello.Chain.Span);
        EnrolmentGrant grant = state.Grant;
        if (opening.Standing is { } standing && standing.Enrolment.Id != grant.Id)
        {
            return EndNow(
                state, StatusCode.PermissionDenied,
                $"chain {chain} belongs to device '{standing.Enrolment.Device}'; expected that device's certificate, found that of device '{grant.Device}'", effects);
        }

        if (opening.Standing is null && opening.EnrolmentUser is { } user)
        {
            return RefuseLater(
                state, ChainFaultReason.Opening, 0,
                $"expected chain {user}, which was started on this device's enrolment, found chain {chain}: one enrolment starts one chain; enrol the device anew");
        }

        bool isNeeded = opening.Standing is null;
        if ((isNeeded || hello.Enrolment.Length > 0) && !hello.Enrolment.Span.SequenceEqual(grant.Bytes.Span))
        {
            return RefuseLater(
                state, ChainFaultReason.Opening, 0,
                hello.Enrolment.Length == 0
                    ? $"expected the enrolment record of device '{grant.Device}', because nothing of chain {chain} is stored, found none: send it with the hello"
                    : $"expected the enrolment record that was granted to this certificate (device '{grant.Device}'), found another");
        }

        effects.Add(new IntakeEffect.Prove(
            ToProof(hello.Proof),
            PossessionProof.HelloStatement(
                state.Nonce.Span, chain, (long)hello.HeadPosition, hello.HeadPosition == 0 ? default : new(hello.HeadHash.Span), hello.Instance.Span),
            chain,
            opening.Standing?.State.PublicKey ?? grant.SigningKey));
        return state with { Phase = IntakePhase.Proving };
    }

    private static IntakeState Welcome(IntakeState state, ChainOpening opening, List<IntakeEffect> effects)
    {
        Hello hello = state.Hello!;
        ChainStanding? standing = opening.Standing;
        state = state with
        {
            Watermark = opening.Watermark,
            Verified = standing?.State ?? ChainState.Start(new(hello.Chain.Span), state.Grant),
            AnsweredPosition = standing?.State.Position ?? 0,
        };
        if (standing is not null && HistoryFault(standing.State, hello) is { } fault)
        {
            return RefuseLater(state, ChainFaultReason.History, 0, fault);
        }

        long verdicts = standing?.VerdictNumber ?? 0;
        effects.Add(new IntakeEffect.Welcome(opening.Watermark, verdicts));
        if ((long)hello.VerdictCursor < verdicts)
        {
            effects.Add(new IntakeEffect.CatchUp(new(hello.Chain.Span), (long)hello.VerdictCursor, verdicts));
        }

        return state with { Phase = IntakePhase.Open };
    }

    private static string? HistoryFault(ChainState stored, Hello hello)
    {
        long position = (long)hello.HeadPosition;
        return position < stored.Position
                ? $"expected the device's chain to reach position {stored.Position}, which is stored here, found its end at {position}: the journal is an older copy; do not go on with it"
            : position == stored.Position && new Sha256Hash(hello.HeadHash.Span) != stored.Hash
                ? $"expected hash {stored.Hash} at position {position}, found {new Sha256Hash(hello.HeadHash.Span)}: the journal is another branch of this chain; do not go on with it"
            : null;
    }
}

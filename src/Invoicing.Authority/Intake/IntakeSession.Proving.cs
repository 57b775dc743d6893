using Grpc.Core;
using Invoicing.Chain;
using Invoicing.Protos.V1;
using Invoicing.Signing;

namespace Invoicing.Authority.Intake;

/// <summary>Who delivers the chain: the hello's proof, and what happens when two machines want the same chain.</summary>
/// <remarks>
/// A transport certificate can be copied from a disk; the chain's key need not lie there. So a hello is proven by the chain's key over a nonce
/// of this stream before any older stream is fenced. If another run of the program holds the chain, its stream is asked whether it lives: if so,
/// two machines have the same keys, and the newcomer is refused, with an alarm.
/// </remarks>
internal static partial class IntakeSession
{
    private static IntakeState Start(IntakeState state, List<IntakeEffect> effects)
    {
        effects.Add(new IntakeEffect.Challenge(state.Nonce));
        return state;
    }

    private static IntakeState EndUngreeted(IntakeState state, List<IntakeEffect> effects) => state.Phase != IntakePhase.Greeting ? state
        : EndNow(state, StatusCode.DeadlineExceeded, $"expected a hello within {IntakeLimits.GreetingTime.TotalSeconds} s of the challenge, found none", effects);

    /// <summary>What is wrong with the form of a proof; <see langword="null"/> if nothing is.</summary>
    private static string? ProofFault(KeyPossession? proof) =>
        proof is null ? "proof: expected a proof by the chain's key over the challenge, found none"
        : proof.PublicKey.Length is 0 or > PossessionProof.MaxPublicKey
            ? $"proof: expected a public key of 1 to {PossessionProof.MaxPublicKey} bytes, found {proof.PublicKey.Length}"
        : proof.Signature.Length != EcdsaSignature.Length ? $"proof: expected a signature of {EcdsaSignature.Length} bytes, found {proof.Signature.Length}"
        : proof.KeyChanges.Count > PossessionProof.MaxKeyChanges
            ? $"proof: expected at most {PossessionProof.MaxKeyChanges} key changes, found {proof.KeyChanges.Count}"
        : proof.KeyChanges.Any(c => c.Signature.Length != EcdsaSignature.Length || c.Body.Length > EntryFields.MaxBody)
            ? $"proof: expected key changes of at most {EntryFields.MaxBody} bytes with signatures of {EcdsaSignature.Length}, found others"
        : null;

    private static PossessionProof ToProof(KeyPossession proof) => new(
        proof.PublicKey.Memory, new(proof.Signature.Span),
        [.. proof.KeyChanges.Select(change => new ReceivedEntry(change.Body.Memory, new(change.Signature.Span)))]);

    private static IntakeState Claim(IntakeState state, string? fault, List<IntakeEffect> effects)
    {
        if (state.Phase != IntakePhase.Proving)
        {
            return state; // the stream was stopped while the proof was verified
        }

        if (fault is not null)
        {
            return EndNow(state, StatusCode.PermissionDenied, $"device '{state.Grant.Device}': {fault}", effects);
        }

        effects.Add(new IntakeEffect.Claim(new(state.Hello!.Chain.Span), state.Hello.Instance.Memory));
        return state with { Phase = IntakePhase.Claiming, ProvenKey = state.Hello.Proof.PublicKey.Memory };
    }

    private static IntakeState Open(IntakeState state, RpcRefusal? refusal, List<IntakeEffect> effects)
    {
        if (state.Phase != IntakePhase.Claiming)
        {
            return state;
        }

        if (refusal is not null)
        {
            return EndNow(state, refusal.Code, refusal.Text, effects);
        }

        effects.Add(new IntakeEffect.Open(new(state.Hello!.Chain.Span), Fences: true));
        return state with { Phase = IntakePhase.Opening };
    }

    private static IntakeState Probe(IntakeState state, ReadOnlyMemory<byte> nonce, List<IntakeEffect> effects)
    {
        effects.Add(new IntakeEffect.Probe(nonce));
        return state with { Probe = nonce };
    }

    private static IntakeState TakeAlive(IntakeState state, KeyPossession? proof, List<IntakeEffect> effects)
    {
        if (ProofFault(proof) is { } fault)
        {
            return EndNow(state, StatusCode.InvalidArgument, fault, effects);
        }

        if (!state.Probe.IsEmpty)
        {
            var chain = new ChainId(state.Hello!.Chain.Span);
            effects.Add(new IntakeEffect.ProveAlive(
                ToProof(proof!), PossessionProof.AliveStatement(state.Probe.Span, chain), chain, state.ProvenKey));
        }

        return state; // without a probe it answers one whose time is over
    }

    private static IntakeState NoteAlive(IntakeState state, bool holds, List<IntakeEffect> effects)
    {
        if (!holds)
        {
            return state; // the answer to an earlier probe; that to this one may still come
        }

        effects.Add(new IntakeEffect.IsAlive());
        return state with { Probe = default };
    }

    private static IntakeState Grant(IntakeState state, RangeWish wish, List<IntakeEffect> effects)
    {
        if (state.IsGranting)
        {
            return EndNow(state, StatusCode.ResourceExhausted, "expected one request for ranges at a time, found another before its answer", effects);
        }

        effects.Add(new IntakeEffect.Grant(wish));
        return state with { IsGranting = true };
    }

    private static IntakeState TellGranted(IntakeState state, RangeAnswer answer, List<IntakeEffect> effects)
    {
        effects.Add(new IntakeEffect.Granted(answer));
        return state with { IsGranting = false };
    }
}

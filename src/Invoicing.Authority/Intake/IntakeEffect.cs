using Grpc.Core;
using Invoicing.Authority.Ledger;
using Invoicing.Chain;

namespace Invoicing.Authority.Intake;

/// <summary>What a stream's pump has to do, in order; none of it waits. A closed family.</summary>
internal abstract record IntakeEffect
{
    private IntakeEffect()
    {
    }

    /// <summary>Send the nonce that the hello has to prove itself over.</summary>
    public sealed record Challenge(ReadOnlyMemory<byte> Nonce) : IntakeEffect;

    /// <summary>Verify that the caller holds the chain's key.</summary>
    /// <param name="Proof">What the hello brought.</param>
    /// <param name="Statement">What it must be over.</param>
    /// <param name="Chain">The chain.</param>
    /// <param name="InForce">Key that the ledger or the enrolment knows; empty if neither does.</param>
    public sealed record Prove(PossessionProof Proof, ReadOnlyMemory<byte> Statement, ChainId Chain, ReadOnlyMemory<byte> InForce) : IntakeEffect;

    /// <summary>Find out whether another machine delivers the chain and is alive.</summary>
    /// <param name="Chain">The chain.</param>
    /// <param name="Instance">Names the run of the caller's program.</param>
    public sealed record Claim(ChainId Chain, ReadOnlyMemory<byte> Instance) : IntakeEffect;

    /// <summary>Ask the device whether it is there.</summary>
    public sealed record Probe(ReadOnlyMemory<byte> Nonce) : IntakeEffect;

    /// <summary>Verify the answer to a probe.</summary>
    /// <param name="Proof">What it brought.</param>
    /// <param name="Statement">What it must be over.</param>
    /// <param name="Chain">The chain.</param>
    /// <param name="Proven">Key that proved the hello.</param>
    public sealed record ProveAlive(PossessionProof Proof, ReadOnlyMemory<byte> Statement, ChainId Chain, ReadOnlyMemory<byte> Proven) : IntakeEffect;

    /// <summary>Tell whoever claims the chain that the device is there.</summary>
    public sealed record IsAlive : IntakeEffect;

    /// <summary>Grant further ranges.</summary>
    public sealed record Grant(RangeWish Wish) : IntakeEffect;

    /// <summary>Send a grant, or why there is none.</summary>
    public sealed record Granted(RangeAnswer Outcome) : IntakeEffect;

    /// <summary>Ask the ledger where the chain stands.</summary>
    /// <param name="Chain">The chain.</param>
    /// <param name="Fences">Whether older streams of the chain end first.</param>
    public sealed record Open(ChainId Chain, bool Fences) : IntakeEffect;

    /// <summary>Verify frames as one run.</summary>
    public sealed record Verify(ChainState From, IReadOnlyList<IntakeFrame.Run> Frames) : IntakeEffect;

    /// <summary>Hand a run to the ledger.</summary>
    public sealed record Append(PreparedRun Run, int Bytes) : IntakeEffect;

    /// <summary>Say where the chain stands.</summary>
    public sealed record Welcome(SignedWatermark? Watermark, long VerdictNumber) : IntakeEffect;

    /// <summary>Send stored verdicts.</summary>
    /// <param name="Chain">The chain.</param>
    /// <param name="After">Number of the last one that the device has.</param>
    /// <param name="Through">Number of the last one to send.</param>
    public sealed record CatchUp(ChainId Chain, long After, long Through) : IntakeEffect;

    /// <summary>Send new verdicts; always ahead of the answer that covers their entries.</summary>
    public sealed record Verdicts(IReadOnlyList<StoredVerdict> New) : IntakeEffect;

    /// <summary>Send the watermark; all entries up to <paramref name="JudgedPosition"/> are judged.</summary>
    public sealed record Answer(SignedWatermark Watermark, long JudgedPosition) : IntakeEffect;

    /// <summary>Say why nothing behind a position is taken.</summary>
    public sealed record Refuse(ChainFaultReason Reason, long Position, string Text, SignedWatermark? Watermark) : IntakeEffect;

    /// <summary>End the call.</summary>
    public sealed record End(StatusCode Code, string Text) : IntakeEffect;
}

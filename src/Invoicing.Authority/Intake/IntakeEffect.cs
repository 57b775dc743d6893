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

using System.Collections.Immutable;
using Invoicing.Chain;

namespace Invoicing.Authority.Intake;

/// <summary>Where one stream stands. Immutable; <see cref="IntakeSession.Step"/> makes the next one.</summary>
internal sealed record IntakeState
{
    /// <summary>What was granted to the caller's certificate.</summary>
    public required EnrolmentGrant Grant { get; init; }

    /// <summary>What the hello's proof must be over: random, of this stream alone.</summary>
    public required ReadOnlyMemory<byte> Nonce { get; init; }

    /// <summary>Place in the protocol.</summary>
    public IntakePhase Phase { get; init; } = IntakePhase.Greeting;

    /// <summary>The hello, once it came.</summary>
    public Invoicing.Protos.V1.Hello? Hello { get; init; }

    /// <summary>Key that proved the hello.</summary>
    public ReadOnlyMemory<byte> ProvenKey { get; init; }

    /// <summary>Nonce of the probe that awaits its answer; empty if none does.</summary>
    public ReadOnlyMemory<byte> Probe { get; init; }

    /// <summary>Whether further ranges are being granted: one request at a time.</summary>
    public bool IsGranting { get; init; }

    /// <summary>The stream's chain, behind the last entry that was verified; what is stored lags behind by what is under way.</summary>
    public ChainState? Verified { get; init; }

    /// <summary>Frames that wait for the run in hand to be verified.</summary>
    public ImmutableArray<IntakeFrame.Run> Waiting { get; init; } = [];

    /// <summary>Whether a run is being verified: one at a time per stream, because each starts where the one before ended.</summary>
    public bool IsVerifying { get; init; }

    /// <summary>Verified runs that are not stored yet.</summary>
    public int RunsUnderWay { get; init; }

    /// <summary>Entries taken and not answered.</summary>
    public int UnansweredEntries { get; init; }

    /// <summary>Bytes of their bodies.</summary>
    public int UnansweredBytes { get; init; }

    /// <summary>Last position that an answer covered.</summary>
    public long AnsweredPosition { get; init; }

    /// <summary>What the ledger last signed of the chain.</summary>
    public SignedWatermark? Watermark { get; init; }

    /// <summary>Why the stream will end, once what is under way is answered.</summary>
    public IntakeEffect.Refuse? Refusal { get; init; }

    /// <summary>How the stream ends once nothing is under way any more; <see langword="null"/> while it goes on.</summary>
    public IntakeEffect.End? Ending { get; init; }
}

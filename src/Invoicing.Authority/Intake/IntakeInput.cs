using Grpc.Core;
using Invoicing.Authority.Ledger;
using Invoicing.Chain;

namespace Invoicing.Authority.Intake;

/// <summary>What happens to a stream. A closed family.</summary>
internal abstract record IntakeInput
{
    private IntakeInput()
    {
    }

    /// <summary>The stream has begun.</summary>
    public sealed record Started() : IntakeInput;

    /// <summary>The time in which a hello must have come is over.</summary>
    public sealed record GreetingIsOver() : IntakeInput;

    /// <summary>The hello's proof was verified.</summary>
    /// <param name="Fault">What was expected and what was found; <see langword="null"/> if it holds.</param>
    public sealed record Proven(string? Fault) : IntakeInput;

    /// <summary>Whether the chain may be had.</summary>
    /// <param name="Refusal">Why not: another machine delivers it; <see langword="null"/> if it may.</param>
    public sealed record Claimed(RpcRefusal? Refusal) : IntakeInput;

    /// <summary>Another machine claims the chain.</summary>
    public sealed record Probed(ReadOnlyMemory<byte> Nonce) : IntakeInput;

    /// <summary>The answer to a probe was verified.</summary>
    public sealed record AliveProven(bool Holds) : IntakeInput;

    /// <summary>Further ranges were granted, or not.</summary>
    public sealed record Granted(RangeAnswer Outcome) : IntakeInput;

    /// <summary>Frames that waited on the stream, in order.</summary>
    public sealed record Frames(IReadOnlyList<IntakeFrame> Received) : IntakeInput;

    /// <summary>The ledger said where the chain stands.</summary>
    public sealed record Opened(ChainOpening Opening) : IntakeInput;

    /// <summary>A run was verified and prepared.</summary>
    /// <param name="Run">What may be stored; <see langword="null"/> if nothing may.</param>
    /// <param name="Bytes">Bytes of the bodies of <paramref name="Run"/>.</param>
    /// <param name="After">The chain behind it.</param>
    /// <param name="Fault">Why nothing behind it may be stored.</param>
    public sealed record Verified(PreparedRun? Run, int Bytes, ChainState After, ChainFault? Fault) : IntakeInput;

    /// <summary>The ledger's writer answered.</summary>
    public sealed record Answered(AppendOutcome Outcome, int Entries, int Bytes) : IntakeInput;

    /// <summary>The caller will send nothing more.</summary>
    public sealed record Finished() : IntakeInput;

    /// <summary>The stream must end: fenced, shut down, overloaded.</summary>
    /// <param name="Code">Status of the call.</param>
    /// <param name="Text">Why.</param>
    /// <param name="IsGraceful">Whether what is under way is answered first.</param>
    public sealed record Stopped(StatusCode Code, string Text, bool IsGraceful) : IntakeInput;
}

namespace Invoicing.Registers.Tests.Eutron;

/// <summary>A register as it answers to bytes, at once. Its faults are told by whoever plays it.</summary>
internal abstract class PlayedRegister
{
    /// <summary>Takes what the gateway wrote and answers.</summary>
    internal abstract void Take(ReadOnlySpan<byte> bytes, List<byte> answer);
}

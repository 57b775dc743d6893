namespace Invoicing.Sales;

/// <summary>What a register says of itself and its journal when a line comes up.</summary>
/// <param name="Register">Its serial.</param>
/// <param name="Epoch">The life of its journal.</param>
/// <param name="OldestSequence">Oldest record it still holds; 0 if it holds none.</param>
/// <param name="NewestSequence">Newest record it holds; 0 if it never wrote one.</param>
/// <param name="LastAcknowledged">Highest sequence that a gateway told it is durable; 0 if none.</param>
public sealed record RegisterHello(
    RegisterId Register, ulong Epoch, ulong OldestSequence, ulong NewestSequence, ulong LastAcknowledged)
{
    /// <summary>Its clock as it says hello; <see langword="null"/> where it has none. The gateway compares it with its own (design.md 5.10).</summary>
    public DateTimeOffset? Clock { get; init; }
}

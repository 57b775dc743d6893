using Invoicing.Sales;

namespace Invoicing.Registers.Drivers;

/// <summary>What a register says of itself, or what its protocol's specification derives from that.</summary>
/// <param name="Register">Its serial. Binding goes by it first, then by adapter, then by path.</param>
/// <param name="Epoch">One life of its journal or counters, not 0; how it is derived stands in each protocol's specification.</param>
/// <param name="Newest">Newest record that it holds; 0 if it holds none or cannot say.</param>
/// <param name="Model">Model and firmware, for people.</param>
public sealed record RegisterIdentity(RegisterId Register, ulong Epoch, ulong Newest, string Model)
{
    /// <summary>Oldest record that it can still be asked for; 0 if it cannot say.</summary>
    public ulong Oldest { get; init; }

    /// <summary>Its clock; <see langword="null"/> where it has none or cannot be asked.</summary>
    public DateTimeOffset? Clock { get; init; }
}

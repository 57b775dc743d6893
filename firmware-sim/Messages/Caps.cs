namespace FirmwareSim.Messages;

/// <summary>What a register can, as HELLO says, TLK/1 §3.1.</summary>
[Flags]
internal enum Caps
{
    None = 0,

    /// <summary>Prints leased codes.</summary>
    Leases = 1,

    /// <summary>Takes TIME.</summary>
    Time = 2,

    /// <summary>Records carry <c>previous</c>.</summary>
    Previous = 4,

    /// <summary>Can be sealed.</summary>
    Seals = 8,
}

namespace Invoicing.Registers.Tlk.Messages;

/// <summary>What the two sides can, as HELLO and WELCOME say. TLK/1 §3.1 and §3.2.</summary>
[Flags]
internal enum TlkCaps : uint
{
    None = 0,

    /// <summary>Register: prints leased codes.</summary>
    Leases = 1,

    /// <summary>Register: takes TIME. Gateway: sends it.</summary>
    Time = 2,

    /// <summary>Register: records carry <c>previous</c>.</summary>
    Previous = 4,

    /// <summary>Can be sealed, or seals.</summary>
    Seals = 8,
}

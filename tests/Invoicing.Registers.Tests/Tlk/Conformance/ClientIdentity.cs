namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>What a client says of itself.</summary>
internal sealed record ClientIdentity
{
    internal string Serial { get; init; } = "C-REF-1";

    internal string Model { get; init; } = "TLK reference client";

    internal string Firmware { get; init; } = "1.0.0";

    /// <summary>Leases, TIME and <c>previous</c>: all that the client can do.</summary>
    internal uint Caps { get; init; } = 7;

    /// <summary>The 32 bytes of pairing; <see langword="null"/>: not sealed.</summary>
    internal byte[]? Key { get; init; }

    internal ulong Epoch { get; init; } = 0x1122334455667788;

    /// <summary>How often it was started.</summary>
    internal uint Boot { get; init; } = 1;
}

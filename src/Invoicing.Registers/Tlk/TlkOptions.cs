using Invoicing.Registers.Tlk.Framing;
using Invoicing.Sales;

namespace Invoicing.Registers.Tlk;

/// <summary>Settings of a TLK/1 driver.</summary>
public sealed class TlkOptions
{
    /// <summary>Default of <see cref="Window"/>: enough to keep group commit fed at a till's pace, and at most 200 KiB in memory.</summary>
    public const int DefaultWindow = 8;

    /// <summary>What the gateway calls itself in WELCOME, 1..32 printable ASCII characters.</summary>
    public string Gateway { get; init; } = "gateway";

    /// <summary>The only register welcome on this line; <see langword="null"/> for whichever is there.</summary>
    public RegisterId? Register { get; init; }

    /// <summary>Records that a register may have under way, 1..16.</summary>
    public int Window { get; init; } = DefaultWindow;

    /// <summary>Largest frame body that we offer, 512..4096 bytes; the register may have less.</summary>
    public int MaxBody { get; init; } = TlkFrame.LargestMaxBody;

    /// <summary>Bytes of a pairing key.</summary>
    public const int PairingKeyLength = 32;

    /// <summary>
    /// The 32 bytes that pairing put into both sides (TLK/1 §3.13); <see langword="null"/>: this line seals nothing, and a sealed HELLO is
    /// refused. Never logged.
    /// </summary>
    public ReadOnlyMemory<byte>? PairingKey { get; init; }

    /// <summary>
    /// Whether a register that does not seal is refused: the default wherever there is a key, as on TCP, where others reach the line.
    /// <see langword="false"/> welcomes it, as on a cable whose registers are being paired one after the other.
    /// </summary>
    public bool DemandsSealing { get; init; } = true;

    /// <summary>What is wrong with the options, as <c>key: expected, found</c>; <see langword="null"/> if nothing.</summary>
    public string? Fault() => this switch
    {
        { Gateway: var name } when !RegisterId.IsValid(name) => $"Gateway: expected 1..32 printable ASCII characters without blanks, found '{name}'",
        { Window: < 1 or > 16 } => $"Window: expected 1..16, found {Window}",
        { PairingKey: { Length: not PairingKeyLength } key } => $"PairingKey: expected {PairingKeyLength} bytes, found {key.Length}",
        { MaxBody: < TlkFrame.SmallestMaxBody or > TlkFrame.LargestMaxBody } => $"MaxBody: expected 512..4096, found {MaxBody}",
        _ => null,
    };
}

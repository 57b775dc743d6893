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

    /// <summary>What is wrong with the options, as <c>key: expected, found</c>; <see langword="null"/> if nothing.</summary>
    public string? Fault() => this switch
    {
        { Gateway: var name } when !RegisterId.IsValid(name) => $"Gateway: expected 1..32 printable ASCII characters without blanks, found '{name}'",
        { Window: < 1 or > 16 } => $"Window: expected 1..16, found {Window}",
        { MaxBody: < TlkFrame.SmallestMaxBody or > TlkFrame.LargestMaxBody } => $"MaxBody: expected 512..4096, found {MaxBody}",
        _ => null,
    };
}

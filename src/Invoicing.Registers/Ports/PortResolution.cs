using System.Diagnostics.CodeAnalysis;

namespace Invoicing.Registers.Ports;

/// <summary>What an address stands for now: a node, or one sentence that says why there is none and what to do.</summary>
/// <param name="Node">The node to open; <see langword="null"/> if refused.</param>
/// <param name="Refusal">Why not; <see langword="null"/> if there is a node.</param>
public sealed record PortResolution(string? Node, string? Refusal)
{
    /// <summary>Whether there is a node.</summary>
    [MemberNotNullWhen(true, nameof(Node))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsResolved => Node is not null;

    /// <summary>The kind of refusal: its sentence names what else is plugged in, which changes.</summary>
    internal string? Cause { get; private init; }

    internal static PortResolution To(string node) => new(node, null);

    internal static PortResolution Refused(string sentence, string cause) => new(null, sentence) { Cause = cause };
}

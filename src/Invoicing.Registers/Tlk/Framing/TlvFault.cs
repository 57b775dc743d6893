namespace Invoicing.Registers.Tlk.Framing;

/// <summary>The first thing that was wrong while TLVs were read, for all groups of one message.</summary>
internal sealed class TlvFault
{
    /// <summary>What was expected and what was found, or <see langword="null"/>.</summary>
    internal string? First { get; private set; }

    internal void Note(string fault) => First ??= fault;
}

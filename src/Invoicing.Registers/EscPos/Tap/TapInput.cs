namespace Invoicing.Registers.EscPos.Tap;

/// <summary>What happened on a tap's lines. A closed family.</summary>
internal abstract record TapInput
{
    private TapInput()
    {
    }

    /// <summary>Bytes came from the till.</summary>
    internal sealed record Came(ReadOnlyMemory<byte> Bytes) : TapInput;

    /// <summary>The till went.</summary>
    internal sealed record Gone : TapInput;

    /// <summary>Time went by, or a fate is known.</summary>
    internal sealed record Tick : TapInput;
}

namespace Invoicing.Registers.Datecs.Push;

/// <summary>What an assembler wants done. A closed family.</summary>
internal abstract record PushEffect
{
    private PushEffect()
    {
    }

    /// <summary>A receipt ended: closed, annulled, or cut off by the next one.</summary>
    public sealed record Ended(PushReceipt Receipt) : PushEffect;

    /// <summary>The register asks for goods and waits 10 s.</summary>
    public sealed record Asked(string Code, byte Log) : PushEffect;

    /// <summary>Something to count.</summary>
    public sealed record Counted(string What) : PushEffect;

    /// <summary>The packet is none that can be, from this register.</summary>
    public sealed record Wrong(string Sentence) : PushEffect;
}

namespace Invoicing.Registers.Eutron.Framing;

/// <summary>What came of asking for the next record of the log. A closed family.</summary>
internal abstract record LogStep
{
    private LogStep()
    {
    }

    /// <summary>A record. The register keeps it until it is accepted.</summary>
    /// <param name="Bytes">FunN and what follows.</param>
    internal sealed record Record(ReadOnlyMemory<byte> Bytes) : LogStep;

    /// <summary>There is nothing more for now.</summary>
    internal sealed record End : LogStep
    {
        public static readonly End Instance = new();
    }

    /// <summary>A sale is open: the register answers later.</summary>
    internal sealed record Busy : LogStep
    {
        public static readonly Busy Instance = new();
    }

    /// <summary>The register did not answer at all.</summary>
    internal sealed record Silent : LogStep
    {
        public static readonly Silent Instance = new();
    }

    /// <summary>The dump broke off: a record may come again, or may have been lost on the way. What was accepted last is not certain.</summary>
    internal sealed record Interrupted(string Reason) : LogStep;
}

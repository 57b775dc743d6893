namespace Invoicing.Registers.EscPos.Tap;

/// <summary>What a tap wants done. A closed family.</summary>
internal abstract record GateEffect
{
    private GateEffect()
    {
    }

    /// <summary>Write to the printer, behind all that was written before.</summary>
    /// <param name="Bytes">Whole commands.</param>
    /// <param name="IsPassing">Whether it is worth something only now, as a question or a drawer's pulse is: dropped if the printer is away.</param>
    internal sealed record Print(ReadOnlyMemory<byte> Bytes, bool IsPassing = false) : GateEffect;

    /// <summary>Answer the till.</summary>
    /// <param name="Bytes">The answer.</param>
    internal sealed record Answer(ReadOnlyMemory<byte> Bytes) : GateEffect;

    /// <summary>Keep the job, and report what became of it under the ticket.</summary>
    /// <param name="Ticket">Names the job.</param>
    /// <param name="Job">The job.</param>
    internal sealed record Keep(int Ticket, CapturedJob Job) : GateEffect;

    /// <summary>Count something, by a constant name, and tell it.</summary>
    /// <param name="Counter">What.</param>
    internal sealed record Count(string Counter) : GateEffect;
}

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>What happens between a till's bytes and what is done with them: a step function without clocks, tasks or lines.</summary>
/// <remarks>Time is milliseconds of any clock that only goes forward. One caller at a time.</remarks>
internal interface ITapCore
{
    /// <summary>Whether no more bytes should be read from the till for now.</summary>
    bool IsFull { get; }

    /// <summary>When <see cref="Tick"/> is to be called next; <see langword="null"/> if nothing is awaited.</summary>
    long? NextWake { get; }

    /// <summary>Bytes came from the till.</summary>
    void TillBytes(ReadOnlySpan<byte> bytes, long now, List<GateEffect> effects);

    /// <summary>Bytes from the till were lost on their way here.</summary>
    void Missed();

    /// <summary>The till went.</summary>
    void TillGone(long now, List<GateEffect> effects);

    /// <summary>It is known what became of a kept job.</summary>
    void Done(int ticket, JobFate fate, long now, List<GateEffect> effects);

    /// <summary>Time went by.</summary>
    void Tick(long now, List<GateEffect> effects);
}

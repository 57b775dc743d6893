namespace Invoicing.Registers.EscPos.Tap;

/// <summary>A print job as it came over the line.</summary>
/// <param name="Bytes">All its bytes, in order, up to the longest that is kept.</param>
/// <param name="End">How it ended.</param>
internal sealed record CapturedJob(ReadOnlyMemory<byte> Bytes, JobEnd End)
{
    /// <summary>Where in <see cref="Bytes"/> the command stands that ended it; its length if none did.</summary>
    internal int EndAt { get; init; }

    /// <summary>Parts that were sent on at once, because they could not wait for the job's end: place and length, in order.</summary>
    internal IReadOnlyList<(int At, int Length)> Sent { get; init; } = [];

    /// <summary>Commands that bring back the printer's style as it was at <see cref="EndAt"/>.</summary>
    internal ReadOnlyMemory<byte> Style { get; init; }

    /// <summary>Whether bytes are missing: the job was longer than is kept, or the tap could not keep up with it.</summary>
    internal bool IsIncomplete { get; init; }

    /// <summary>What is still to be printed, with something put in before the end.</summary>
    internal byte[] Print(ReadOnlySpan<byte> block)
    {
        List<byte> bytes = new(Bytes.Length + block.Length + Style.Length);
        Append(bytes, 0, EndAt);
        if (!block.IsEmpty)
        {
            bytes.AddRange(block);
            bytes.AddRange(Style.Span);
        }

        Append(bytes, EndAt, Bytes.Length);
        return [.. bytes];
    }

    private void Append(List<byte> bytes, int from, int to)
    {
        foreach ((int at, int length) in Sent)
        {
            if (at >= from && at < to)
            {
                bytes.AddRange(Bytes.Span[from..at]);
                from = at + length;
            }
        }

        bytes.AddRange(Bytes.Span[from..Math.Max(from, to)]);
    }
}

using Invoicing.Registers.Receipts;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>A captured piece as it is kept.</summary>
/// <param name="Number">Its place in the book, from 1.</param>
/// <param name="At">When it came, by the gateway's clock.</param>
/// <param name="IsWhole">Whether its end was seen.</param>
/// <param name="Class">What it turned out to be.</param>
/// <param name="Text">Why, for people.</param>
internal sealed record KeptCapture(long Number, DateTimeOffset At, bool IsWhole, CaptureClass Class, string Text)
{
    /// <summary>Its bytes; empty where only a list was asked for.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Length of its bytes.</summary>
    public int Length { get; init; }

    /// <summary>Its receipt key, if it took one.</summary>
    public string? ReceiptKey { get; init; }

    /// <summary>Its place in the register's line of records; <see langword="null"/> if it has none.</summary>
    public ulong? RecordSequence { get; init; }

    /// <summary>Of a <see cref="CaptureClass.Reprint"/>: the piece that took the receipt key first.</summary>
    public long? FirstSeen { get; init; }
}

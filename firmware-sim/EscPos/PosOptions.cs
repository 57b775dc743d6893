using FirmwareSim.Printing;

namespace FirmwareSim.EscPos;

/// <summary>How a POS program prints.</summary>
internal sealed record PosOptions
{
    public Charset Charset { get; init; } = Charset.Utf8;

    public ReceiptTemplate Template { get; init; } = ReceiptTemplate.TwoLines;

    /// <summary>Asks the printer for its state before each job, and does not print without an answer.</summary>
    public bool AsksStatus { get; init; }

    /// <summary>Receipts of a hundred that have a slip for the kitchen, a bill before they are paid, or a copy, each drawn for itself.</summary>
    public int SlipPercent { get; init; }

    /// <summary>Whether a logo is printed above.</summary>
    public bool HasLogo { get; init; } = true;

    public long Seed { get; init; } = 1;
}

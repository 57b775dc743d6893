using Invoicing.Registers.Text;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>How the tap prints on the shop's printer.</summary>
public sealed record BlockOptions
{
    /// <summary>Lines fed behind the block: the distance from print head to cutter is about 15 mm.</summary>
    public const int DefaultFeed = 4;

    /// <summary>Dots of one cell of a QR code: 4 give 15 to 20 mm at 203 dots an inch, which telephones read at arm's length.</summary>
    public const int DefaultDotSize = 4;

    /// <summary>Code page that the printer is in; <see langword="null"/>: text without marks, which every printer has.</summary>
    public CodePage? Page { get; init; }

    /// <summary>The number that selects it (<c>ESC t n</c>), if it has to be selected.</summary>
    public byte? PageNumber { get; init; }

    /// <summary>Dots of one cell of a QR code, 1 to 16.</summary>
    public int DotSize { get; init; } = DefaultDotSize;

    /// <summary>Lines fed behind the block, 0 to 20.</summary>
    public int Feed { get; init; } = DefaultFeed;

    /// <summary>What is wrong with the settings, or <see langword="null"/>.</summary>
    public string? Fault() => DotSize is < 1 or > 16 ? $"expected a QR dot size of 1 to 16, found {DotSize}"
        : Feed is < 0 or > 20 ? $"expected 0 to 20 lines of feed, found {Feed}"
        : null;
}

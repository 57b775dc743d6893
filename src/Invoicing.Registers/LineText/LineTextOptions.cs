using System.Text.RegularExpressions;
using Invoicing.Registers.Receipts;
using Invoicing.Registers.Text;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Registers.LineText;

/// <summary>Settings of a driver that reads receipts from plain text: a POS program, a transaction monitor, a camera's text feed.</summary>
public sealed class LineTextOptions
{
    /// <summary>Longest pattern: it is written by a person, by hand.</summary>
    private const int MaxPattern = 1_000;

    /// <summary>What the register is called; text says nothing of itself.</summary>
    public RegisterId Register { get; init; }

    /// <summary>
    /// Regular expression of a receipt's first line, matched as a template's are: without marks and without regard to case; <see langword="null"/>: the first line that is not empty, behind an end. Without it
    /// a lost end joins two receipts.
    /// </summary>
    public string? Start { get; init; }

    /// <summary>Regular expression of a receipt's last line, matched in the same way; <see langword="null"/>: the line falls silent for <see cref="IdleTimeout"/>.</summary>
    public string? End { get; init; }

    /// <summary>Longest line, 40..4096 bytes; what is longer goes on as another line.</summary>
    public int MaxLine { get; init; } = 256;

    /// <summary>Most lines of a receipt, 10..2000; what is longer is cut and kept as torn.</summary>
    public int MaxLines { get; init; } = 500;

    /// <summary>A receipt whose next line does not come for so long is cut, 1 s to 10 min: as torn, or as whole where there is no end mark.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Code page of the text.</summary>
    public CodePage CodePage { get; init; } = CodePage.Named("utf-8");

    /// <summary>How the receipts are written; <see langword="null"/> while there is no template: they are kept and nothing is invoiced.</summary>
    public ReceiptTemplate? Template { get; init; }

    /// <summary>What is wrong with the options, as <c>key: expected, found</c>; <see langword="null"/> if nothing.</summary>
    public string? Fault() =>
        Register == default ? "Register: expected a name, found none"
        : FaultOf(nameof(Start), Start) ?? FaultOf(nameof(End), End) ?? (
            MaxLine is < 40 or > 4_096 ? $"MaxLine: expected 40..4096, found {MaxLine}"
            : MaxLines is < 10 or > 2_000 ? $"MaxLines: expected 10..2000, found {MaxLines}"
            : IdleTimeout < TimeSpan.FromSeconds(1) || IdleTimeout > TimeSpan.FromMinutes(10)
                ? $"IdleTimeout: expected 1 s to 10 min, found {IdleTimeout}"
            : CodePage is null ? "CodePage: expected a code page, found none"
            : null);

    /// <summary>A pattern as the cutter uses it, for lines without marks: in time that grows with the line only.</summary>
    internal static Regex? Compiled(string? pattern) =>
        pattern is null ? null : new(
            PlainLetters.Of(VietnameseText.Compose(pattern)),
            RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static string? FaultOf(string name, string? pattern)
    {
        if (pattern is { Length: 0 or > MaxPattern })
        {
            return $"{name}: expected a regular expression of 1..{MaxPattern} characters, found {pattern.Length}";
        }

        try
        {
            _ = Compiled(pattern);
            return null;
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            return $"{name}: expected a regular expression without look-around and back references, found '{pattern}': {fault.Message}";
        }
    }
}

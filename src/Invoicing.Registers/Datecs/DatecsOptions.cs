using System.Collections.Immutable;
using System.Text;
using Invoicing.Amounts;
using Invoicing.Registers.Lines;
using Invoicing.Sales;

namespace Invoicing.Registers.Datecs;

/// <summary>Settings of a Datecs driver. What they mean on the wire stands in README.md beside this file.</summary>
public sealed class DatecsOptions
{
    /// <summary>Default of <see cref="CodePage"/>: Windows-1251, which the registers' electronic journal is always in.</summary>
    public const int DefaultCodePage = 1251;

    /// <summary>
    /// Default of <see cref="PollPause"/>: a sale is seen within half a second. A question that finds nothing new takes a tenth of a second at 9,600 bits
    /// a second, so five parts in six of the line's time are nobody's.
    /// </summary>
    public static readonly TimeSpan DefaultPollPause = TimeSpan.FromMilliseconds(500);

    /// <summary>How the register is spoken with.</summary>
    public DatecsVariant Variant { get; init; }

    /// <summary>The only register welcome on this line; <see langword="null"/> for whichever is there.</summary>
    public RegisterId? Register { get; init; }

    /// <summary>Whether a register that is met for the first time is read from its first document.</summary>
    public bool FromBeginning { get; init; }

    /// <summary>
    /// Digits behind the point that money fields without a point carry, 0 to 3: with 2, <c>1500000</c> is 15,000 đồng. Fields with a point are
    /// in đồng always.
    /// </summary>
    public int MinorDigits { get; init; }

    /// <summary>Code page of the register's text, as Windows numbers them.</summary>
    public int CodePage { get; init; } = DefaultCodePage;

    /// <summary>The register's tax letters or numbers; <see langword="null"/> leaves rates to the shop's catalogue.</summary>
    public ImmutableDictionary<string, TaxRate>? TaxRates { get; init; }

    /// <summary>How the register's documents are printed.</summary>
    public DatecsLayout Layout { get; init; } = DatecsLayout.BuiltIn;

    /// <summary>What the register's clock is ahead of UTC, -14 to 14 hours.</summary>
    public TimeSpan UtcOffset { get; init; } = TimeSpan.FromHours(7);

    /// <summary>Pause between two questions when there was nothing new, 200 ms to 1 minute.</summary>
    public TimeSpan PollPause { get; init; } = DefaultPollPause;

    /// <summary>
    /// Which life of the register's numbering this is, 1 to 1,000. To be raised by a person when a register goes on selling from an old memory that was
    /// put back: its line's state then says so. What is recorded is passed over.
    /// </summary>
    public int Life { get; init; } = 1;

    /// <summary>Of a register that pushes: whether its receipt numbers begin again at 1 after each day close.</summary>
    public bool RestartsAtDayClose { get; init; }

    /// <summary>
    /// Of a register that pushes: the line to its electronic journal, where receipts are fetched that the push lost; owned by the caller.
    /// <see langword="null"/> where there is none: then what is lost is named.
    /// </summary>
    public ILine? JournalLine { get; init; }

    /// <summary>Of a register that pushes and asks for goods by code: the shop's goods; <see langword="null"/> refuses every question.</summary>
    public Func<string, DatecsGoods?>? Goods { get; init; }

    /// <summary>Whether the register pushes.</summary>
    internal bool IsPush => Variant is DatecsVariant.PushDp500 or DatecsVariant.PushWp500;

    /// <summary>What is wrong with the options, as <c>key: expected, found</c>; <see langword="null"/> if nothing.</summary>
    public string? Fault() => this switch
    {
        { Variant: < DatecsVariant.Auto or > DatecsVariant.PushWp500 } => $"Variant: expected auto, x, isl, push-dp500 or push-wp500, found {(int)Variant}",
        { MinorDigits: < 0 or > 3 } => $"MinorDigits: expected 0 to 3, found {MinorDigits}",
        _ when !IsCodePage(CodePage) => $"CodePage: expected the number of a code page of one byte a character, found {CodePage}",
        _ when UtcOffset.Duration() > TimeSpan.FromHours(14) => $"UtcOffset: expected -14 to 14 hours, found {UtcOffset}",
        _ when PollPause < TimeSpan.FromMilliseconds(200) || PollPause > TimeSpan.FromMinutes(1) =>
            $"PollPause: expected 200 ms to 1 minute, found {PollPause}",
        { Life: < 1 or > 1000 } => $"Life: expected 1 to 1000, found {Life}",
        { JournalLine: not null, IsPush: false } => "JournalLine: expected one only beside a register that pushes, found one; its own line is its journal's",
        { RestartsAtDayClose: true, IsPush: false } => "RestartsAtDayClose: expected it only of a register that pushes, found it; documents are numbered on",
        { JournalLine.IsTransparent: false } => $"JournalLine: expected 8 data bits and no XON/XOFF, found other settings on {JournalLine.Name}",
        _ => Layout.Fault() is { } fault ? $"Layout.{fault}" : null,
    };

    /// <summary>The code page's encoding.</summary>
    internal Encoding Encoding() => EncodingOf(CodePage) ?? throw new InvalidOperationException($"expected options without a fault, found code page {CodePage}");

    private static bool IsCodePage(int number) => number is > 0 and < 65536 && EncodingOf(number) is { IsSingleByte: true };

    private static Encoding? EncodingOf(int number) => CodePagesEncodingProvider.Instance.GetEncoding(number);
}

using System.Collections.Immutable;
using Invoicing.Amounts;

namespace Invoicing.Registers.Receipts;

/// <summary>How the receipts of one shop's till are printed. Kept as JSON; the README beside this file says what each key means.</summary>
/// <remarks>
/// Patterns are regular expressions that match in linear time. They are matched against lines without Vietnamese marks and without regard to
/// case, so <c>Tổng cộng</c> in a pattern also finds <c>TONG CONG</c>; names are taken from the line as it was printed. <c>{amount}</c>,
/// <c>{price}</c>, <c>{qty}</c> and <c>{discount}</c> in a pattern stand for a number in the group of that name. Immutable.
/// </remarks>
public sealed partial record ReceiptTemplate
{
    /// <summary>What a person calls it.</summary>
    public string Name { get; init; } = "receipt";

    /// <summary>How numbers are written.</summary>
    public NumberFormat Numbers { get; init; } = new();

    /// <summary>One pattern for each kind of line that there is.</summary>
    public ImmutableDictionary<TemplatePart, string> Parts { get; init; } = DefaultMarks;

    /// <summary>How goods are printed; the first that matches counts.</summary>
    public ImmutableArray<ItemPattern> Items { get; init; } = [];

    /// <summary>How payments are printed; the first that matches counts.</summary>
    public ImmutableArray<PaymentPattern> Payments { get; init; } = [];

    /// <summary>What is printed for a rate where it is not the percentage: a letter, a star.</summary>
    public ImmutableDictionary<string, TaxRate> Rates { get; init; } = ImmutableDictionary<string, TaxRate>.Empty;

    /// <summary>Whether lines among the goods that no pattern reads are the beginning of the next name.</summary>
    public bool NameLines { get; init; }

    /// <summary>Whether the printed amount of goods has their discount taken off already.</summary>
    public bool AmountsAreAfterDiscount { get; init; }

    /// <summary>
    /// Whether a printed subtotal must be what the goods come to before any discount on the whole receipt. Then a discount that was taken for the
    /// receipt's, and is one on the goods above, does not add up.
    /// </summary>
    public bool SubtotalIsBeforeDiscount { get; init; }

    /// <summary>For how long a receipt number is unique.</summary>
    public NumberScope Scope { get; init; }

    /// <summary>
    /// Whether the till gives each of its receipts the next number, so that one that is left out is a receipt that never came, and is named. For
    /// tills that number what they do not print (a receipt voided before its total), or that share their numbers with others, it names too much.
    /// </summary>
    public bool NumbersInSequence { get; init; }

    /// <summary>Formats of the date, as .NET writes them, with <c>|</c> between them.</summary>
    public string DateFormat { get; init; } = "d/M/yyyy|d-M-yyyy|d.M.yyyy|yyyy-M-d|d/M/yy";

    /// <summary>Whether printed prices contain tax, as shelf prices in Vietnamese shops do.</summary>
    public bool PricesIncludeTax { get; init; } = true;

    /// <summary>Rate of goods whose line states none; <see langword="null"/> leaves it to the shop's catalogue.</summary>
    public TaxRate? DefaultRate { get; init; }

    /// <summary>
    /// Marks that hold unless a template says otherwise: a line of its own for copies, kitchen orders and bills before payment.
    /// </summary>
    public static ImmutableDictionary<TemplatePart, string> DefaultMarks { get; } = ImmutableDictionary<TemplatePart, string>.Empty
        .Add(TemplatePart.Copy, @"^\W*((hóa đơn|phiếu|bản)\s+)?(bản sao|copy|reprint|in lại)(\s+(lần|số|no)?\W*[0-9]+)?\W*$")
        .Add(TemplatePart.Kitchen, @"^\W*(phiếu\s+(bếp|bar|pha chế|chế biến)\b.*|(bếp|kitchen)(\s+order)?\W*)$")
        .Add(TemplatePart.ProForma, @"^\W*((phiếu|hóa đơn)\s+)?(tạm tính|tạm thanh toán|pro.?forma)\W*$");

    /// <summary>The template with another pattern for a part; <see langword="null"/> takes it out.</summary>
    internal ReceiptTemplate With(TemplatePart part, string? pattern) =>
        this with { Parts = pattern is null ? Parts.Remove(part) : Parts.SetItem(part, pattern) };
}

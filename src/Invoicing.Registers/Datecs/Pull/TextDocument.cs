using System.Collections.Immutable;
using System.Globalization;
using Invoicing.Amounts;
using Invoicing.Registers.Datecs.Layouts;
using Invoicing.Sales;

namespace Invoicing.Registers.Datecs.Pull;

/// <summary>A document of a legacy register: its text.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Lines">Its text.</param>
/// <param name="Bytes">The register's own words.</param>
internal sealed record TextDocument(ulong Number, IReadOnlyList<string> Lines, byte[] Bytes)
{
    /// <summary>Largest quantity times price that is reckoned with.</summary>
    private const decimal Limit = 1_000_000_000_000_000m;

    /// <summary>Reads it by the layout.</summary>
    public JournalDocument Read(DatecsReading reading)
    {
        PrintedDocument printed = reading.Layout.Read(Lines);
        JournalDocument document = new(Number, KindOf(printed.Kind), Bytes)
        {
            At = printed.At,
            Cashier = printed.Cashier,
            ReceiptNumber = Number.ToString(CultureInfo.InvariantCulture),
            Remark = RemarkOf(printed.Kind),
            Reversed = printed.Reversed,
            Stated = printed.Kind == PrintedKind.DayClose ? Stated(printed) : null,
        };
        return document.Kind switch
        {
            JournalKind.Sale or JournalKind.Reversal => ReadGoods(document, printed, reading),
            JournalKind.Unknown => document with { Fault = $"expected a receipt, a report or a text as the layout knows them, found '{First()}'" },
            _ => document,
        };
    }

    /// <summary>A day close's own totals, if both the count and the turnover can be read.</summary>
    internal static StatedTotals? Stated(PrintedDocument printed) =>
        printed is { DayCount: { } count, DayTotal: { } total, Fault: null } ? new(count, total, [], []) : null;

    /// <summary>
    /// What was taken off a line: quantity × price less what it comes to. Less than a đồng is the register's way of rounding; a surcharge is none,
    /// and the rules then say that the line does not add up.
    /// </summary>
    internal static Money DiscountOf(decimal quantity, Money price, Money value)
    {
        // Divided, not multiplied: two numbers of fifteen digits each come to more than a decimal holds.
        if (price != Money.Zero && decimal.Abs(quantity) > Limit / Math.Abs((decimal)price.Dong))
        {
            return Money.Zero;
        }

        decimal off = (quantity * price.Dong) - value.Dong;
        off = quantity < 0 ? -off : off;
        return off >= 1 ? Money.Round(off) : Money.Zero;
    }

    private static JournalKind KindOf(PrintedKind kind) => kind switch
    {
        PrintedKind.Receipt => JournalKind.Sale,
        PrintedKind.Reversal => JournalKind.Reversal,
        PrintedKind.DayClose => JournalKind.DayClose,
        PrintedKind.Unknown => JournalKind.Unknown,
        _ => JournalKind.NoSale,
    };

    private static string RemarkOf(PrintedKind kind) => kind switch
    {
        PrintedKind.Cancelled => "a receipt annulled before it was closed",
        PrintedKind.NonFiscal => "a text of the register or cash into or out of the drawer, no sale",
        PrintedKind.Report => "a report without a close",
        PrintedKind.Reversal => "goods taken back",
        _ => string.Empty,
    };

    private JournalDocument ReadGoods(JournalDocument document, PrintedDocument printed, DatecsReading reading)
    {
        string? fault = printed.Fault;
        if (printed.Total is not { } total)
        {
            return document with { Fault = fault ?? $"expected a total in document {Number}, found none; look at the layout" };
        }

        if (printed.Lines.Length == 0)
        {
            return document with { Fault = fault ?? $"expected goods in document {Number}, found none; look at the layout" };
        }

        bool isReversed = document.Kind == JournalKind.Reversal && total < Money.Zero;
        ImmutableArray<SaleLine>.Builder lines = ImmutableArray.CreateBuilder<SaleLine>(printed.Lines.Length);
        foreach (PrintedLine line in printed.Lines)
        {
            int sign = isReversed ? -1 : 1;
            Money amount = line.Quantity < 0 ? line.Amount + line.Discount : line.Amount - line.Discount;
            lines.Add(new()
            {
                Name = line.Name,
                Quantity = sign * line.Quantity,
                UnitPrice = line.Price,
                Discount = line.Discount,
                Rate = reading.Rate(line.Tax, ref fault),
                Amount = isReversed ? -amount : amount,
            });
        }

        return document with
        {
            Lines = lines.ToImmutable(),
            Discount = printed.Discount,
            Total = isReversed ? -total : total,
            Payments = document.Kind == JournalKind.Sale ? printed.Payments : [],
            Fault = fault,
        };
    }

    private string First() => DatecsAmount.Shown(Lines.FirstOrDefault(line => !string.IsNullOrWhiteSpace(line))?.Trim() ?? string.Empty);
}

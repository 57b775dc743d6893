using System.Collections.Immutable;
using System.Globalization;
using Invoicing.Amounts;
using Invoicing.Registers.Datecs.Layouts;
using Invoicing.Sales;

namespace Invoicing.Registers.Datecs.Pull;

/// <summary>A document of an X register as it came: its heading, its rows of sold goods, its text.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Type">What it is: 1 receipt, 2 Z, 3 invoice, 4 text, 5 cash, 6 storno, 7 storno of an invoice, 8 cancelled, 9 X report.</param>
/// <param name="Date">When, as the register writes it.</param>
/// <param name="Rows">The columns of its rows.</param>
/// <param name="Lines">Its text.</param>
/// <param name="Bytes">The register's own words.</param>
internal sealed record XDocument(
    ulong Number, string Type, string Date, IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<string> Lines, byte[] Bytes)
{
    /// <summary>What a type is.</summary>
    public static JournalKind KindOf(string type) => type.Trim() switch
    {
        "1" or "3" => JournalKind.Sale,
        "6" or "7" => JournalKind.Reversal,
        "2" => JournalKind.DayClose,
        "4" or "5" or "8" or "9" => JournalKind.NoSale,
        _ => JournalKind.Unknown,
    };

    /// <summary>Reads it. Rows say what was sold; the text says how it was paid, by whom, and what a day came to.</summary>
    public JournalDocument Read(DatecsReading reading)
    {
        PrintedDocument printed = reading.Layout.Read(Lines);
        JournalDocument document = new(Number, KindOf(Type), Bytes)
        {
            At = DatecsClock.Read(Date, reading.Options.UtcOffset) ?? printed.At,
            Cashier = printed.Cashier,
            ReceiptNumber = Number.ToString(CultureInfo.InvariantCulture),
            Remark = RemarkOf(Type),
        };
        return document.Kind switch
        {
            JournalKind.Sale or JournalKind.Reversal => ReadGoods(document, printed, reading),
            JournalKind.DayClose => document with { Stated = TextDocument.Stated(printed) },
            JournalKind.NoSale => document,
            _ => document with { Fault = $"expected a document of type 1 to 9, found '{DatecsAmount.Shown(Type)}'" },
        };
    }

    private static string RemarkOf(string type) => type.Trim() switch
    {
        "4" => "a text of the register, no sale",
        "5" => "cash into or out of the drawer",
        "6" or "7" => "goods taken back",
        "8" => "a receipt annulled before it was closed",
        "9" => "a report without a close",
        _ => string.Empty,
    };

    private JournalDocument ReadGoods(JournalDocument document, PrintedDocument printed, DatecsReading reading)
    {
        if (Rows.Count == 0)
        {
            return document with { Fault = $"expected rows of sold goods for document {Number}, found none" };
        }

        if (Rows.FirstOrDefault(row => row.Count != XRow.Columns) is { } odd)
        {
            return document with { Fault = $"expected {XRow.Columns} columns in a row of sold goods, found {odd.Count}" };
        }

        int minor = reading.Options.MinorDigits;
        string? fault = DatecsAmount.TryMoney(Rows[0][XRow.Total], minor, out Money total) is { } wrong ? $"expected {wrong} as the receipt's total" : null;
        fault ??= Differing(XRow.Total) ?? Differing(XRow.Kind) ?? Differing(XRow.Receipt);
        bool isReversed = document.Kind == JournalKind.Reversal && total < Money.Zero;
        ImmutableArray<SaleLine>.Builder lines = ImmutableArray.CreateBuilder<SaleLine>(Rows.Count);
        for (int i = 0; i < Rows.Count && fault is null; i++)
        {
            lines.Add(ReadLine(i, isReversed, TaxOf(i, printed), reading, ref fault));
        }

        total = isReversed ? -total : total;
        Money discount = lines.Aggregate(Money.Zero, static (sum, line) => sum + line.Amount) - total;
        if (discount < Money.Zero)
        {
            fault ??= $"expected lines that come to {total} or more, found {total + discount}: a surcharge, or a row is missing";
        }

        return document with
        {
            ReceiptNumber = ReceiptOf(document),
            Lines = lines.ToImmutable(),
            Discount = discount,
            Total = total,
            Payments = document.Kind == JournalKind.Sale && printed.Total == total ? printed.Payments : [],
            BuyerTaxCode = Rows[0][XRow.Buyer].Trim(),
            Reversed = DatecsAmount.TryOrdinal(Rows[0][XRow.Reversed], out ulong reversed) ? reversed : null,
            Fault = fault,
        };
    }

    private string ReceiptOf(JournalDocument document)
    {
        string receipt = Rows[0][XRow.Receipt].Trim();
        return receipt.Length is > 0 and <= 32 ? receipt : document.ReceiptNumber;
    }

    /// <summary>What the rows of one receipt must have in common.</summary>
    private string? Differing(int column)
    {
        string first = Rows[0][column];
        return Rows.FirstOrDefault(row => !string.Equals(row[column], first, StringComparison.Ordinal)) is { } other
            ? $"expected rows of one receipt, found '{DatecsAmount.Shown(first)}' and '{DatecsAmount.Shown(other[column])}' in column {column + 1}"
            : null;
    }

    /// <summary>The tax letter that the text prints behind the same goods; rows have none.</summary>
    private string TaxOf(int index, PrintedDocument printed) =>
        printed.Lines.Length == Rows.Count && printed.Lines[index].Name.StartsWith(Rows[index][XRow.Name].Trim()[..Math.Min(10, Rows[index][XRow.Name].Trim().Length)], StringComparison.Ordinal)
            ? printed.Lines[index].Tax
            : string.Empty;

    private SaleLine ReadLine(int index, bool isReversed, string tax, DatecsReading reading, ref string? fault)
    {
        IReadOnlyList<string> row = Rows[index];
        int minor = reading.Options.MinorDigits;
        if (DatecsAmount.TryMoney(row[XRow.Price], minor, out Money price) is { } noPrice)
        {
            fault ??= $"expected {noPrice} as the price in row {index + 1}";
        }

        if (!DatecsAmount.TryQuantity(row[XRow.Quantity], out decimal quantity))
        {
            fault ??= $"expected a quantity in row {index + 1}, found '{DatecsAmount.Shown(row[XRow.Quantity])}'";
        }

        if (DatecsAmount.TryMoney(row[XRow.Value], minor, out Money value) is { } noValue)
        {
            fault ??= $"expected {noValue} as the value in row {index + 1}";
        }

        (quantity, value) = isReversed ? (-quantity, -value) : (quantity, value);
        return new()
        {
            Name = row[XRow.Name].Trim(),
            Quantity = quantity,
            UnitPrice = price.Dong,
            Discount = TextDocument.DiscountOf(quantity, price, value),
            Rate = reading.Rate(tax, ref fault),
            Amount = value,
        };
    }
}

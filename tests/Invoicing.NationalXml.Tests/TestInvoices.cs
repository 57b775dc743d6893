using System.Collections.Immutable;
using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Testing;
using Invoicing.Vietnam;

namespace Invoicing.NationalXml.Tests;

/// <summary>Invoices as the rules let them through, made by what makes them in the product.</summary>
public static class TestInvoices
{
    private const string Letters = "ABCĐÊÔƠƯàảãáạăằắâấầđêếôốơớưứýỳ xyz0189&<>\"'-./%𠀋";

    public static DateTimeOffset RecordedAt { get; } = new(2026, 7, 2, 14, 15, 3, TimeSpan.Zero);

    public static NationalInvoice Make(
        int number, Sale? sale = null, InvoiceKind kind = InvoiceKind.Vat, string series = "C26MAA", DateTimeOffset? recordedAt = null,
        Buyer? buyer = null, Correction? correction = null, Seller? seller = null)
    {
        sale ??= TestSales.Make("SIM-0001", 7, (ulong)number);
        if (kind == InvoiceKind.Sales)
        {
            sale = sale with { Lines = [.. sale.Lines.Select(line => line with { Rate = line.Rate is null ? null : TaxRate.NotDeclared })] };
        }

        bool isAdjustment = correction?.Type == CorrectionType.Adjustment;
        DraftResult result = InvoiceDrafting.Draft(sale, seller ?? TestSeller.Seller, kind, recordedAt ?? RecordedAt, isAdjustment: isAdjustment);
        InvoiceDraft draft = result is DraftResult.Drafted drafted
            ? drafted.Draft
            : throw new InvalidOperationException(string.Join("; ", ((DraftResult.Faulty)result).Faults));
        Invoice invoice = draft.Number(new(new(kind, draft.IssuedOn.Year % 100, "A1B2C", number), InvoiceSeries.Parse(series), number));
        return new()
        {
            Invoice = invoice,
            RecordedAt = recordedAt ?? RecordedAt,
            Position = number + 1,
            Buyer = buyer,
            Correction = correction is null ? null : correction with { Invoice = invoice },
            AmountInWords = AmountInWords.Of(invoice.Total),
            QrCode = $"00020101021199{number:00000000}6304ABCD",
        };
    }

    public static Correction Correct(CorrectionType type, string reason = "Sai đơn giá", int number = 17) => new()
    {
        Type = type,
        Corrected = new(AuthorityCode.Parse($"M1-26-A1B2C-{number:00000000000}"), InvoiceSeries.Parse("C26MAA"), number, new(2026, 7, 2)),
        Reason = reason,
    };

    /// <summary>Any invoice that the rules allow: all natures, rates, discounts, buyers, both kinds, corrections, days on both sides of new formats.</summary>
    public static NationalInvoice Random(Random random, int number, string version)
    {
        ArgumentNullException.ThrowIfNull(random);
        InvoiceKind kind = random.Next(4) == 0 ? InvoiceKind.Sales : InvoiceKind.Vat;
        DateTimeOffset day = version switch
        {
            "2.0.1" => new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero),
            "2.1.0" => new(2025, 12, 30, 12, 0, 0, TimeSpan.Zero),
            _ => new(2026, 7, 2, 12, 0, 0, TimeSpan.Zero),
        };
        Correction? correction = random.Next(4) switch
        {
            0 => Correct(CorrectionType.Replacement, Text(random, 1, 255), random.Next(1, 100_000_000)),
            1 => Correct(CorrectionType.Adjustment, Text(random, 1, 255), random.Next(1, 100_000_000)),
            _ => null,
        };
        return Make(
            number, RandomSale(random, number, kind, correction?.Type == CorrectionType.Adjustment, hasSpecial: version != "2.0.1"), kind,
            $"C{day.Year % 100}MAA", day, random.Next(2) == 0 ? null : RandomBuyer(random), correction);
    }

    public static string Text(Random random, int least, int most)
    {
        ArgumentNullException.ThrowIfNull(random);
        int length = random.Next(4) == 0 ? most : random.Next(least, Math.Min(most, 30) + 1);
        string[] characters = [.. Letters.EnumerateRunes().Select(rune => rune.ToString())];
        return string.Concat(Enumerable.Range(1, length - 1).Select(_ => characters[random.Next(characters.Length)])) + "ợ"; // never all blank
    }

    private static Buyer RandomBuyer(Random random)
    {
        return new()
        {
            Name = Maybe(() => Text(random, 1, 400)),
            TaxCode = Maybe(() => random.Next(2) == 0 ? "0312270160" : "0107001729-001"),
            Address = Maybe(() => Text(random, 1, 400)),
            Person = Maybe(() => Text(random, 1, 100)),
            PersonalId = Maybe(() => "001099012345"),
            Passport = Maybe(() => "C1234567"),
            Phone = Maybe(() => "0912 345 678"),
            Email = Maybe(() => "lan@example.vn"),
            BudgetCode = Maybe(() => "1234567"),
            CustomerCode = Maybe(() => Text(random, 1, 50)),
        };

        string Maybe(Func<string> make) => random.Next(2) == 0 ? string.Empty : make();
    }

    private static Sale RandomSale(Random random, int number, InvoiceKind kind, bool isAdjustment, bool hasSpecial)
    {
        bool includesTax = random.Next(4) != 0;
        List<SaleLine> lines = [RandomGoods(random, kind, isAdjustment, hasSpecial)];
        int more = random.Next(6);
        for (int i = 0; i < more; i++)
        {
            lines.Add(random.Next(6) switch
            {
                0 => new() { Name = Text(random, 1, 500), Quantity = random.Next(1, 3), UnitPrice = random.Next(3) * 1000, Rate = null, Nature = LineNature.Promotion, Amount = Money.Zero },
                1 => new() { Name = Text(random, 1, 500), Quantity = 0, UnitPrice = 0, Rate = null, Nature = LineNature.Note, Amount = Money.Zero },
                2 => new() { Name = "Chiết khấu", Quantity = 0, UnitPrice = 0, Rate = lines[0].Rate, Nature = LineNature.TradeDiscount, Amount = new(-random.Next(50)) },
                _ => RandomGoods(random, kind, isAdjustment, hasSpecial),
            });
        }

        long gross = lines.Sum(line => line.Amount.Dong);
        Money discount = isAdjustment || random.Next(3) != 0 ? Money.Zero : new(random.NextInt64(0, gross / 4));
        Money total = includesTax ? new Money(gross) - discount : TotalWithTax(lines, discount);
        return new()
        {
            Key = new(new("SIM-0001"), 7, (ulong)number),
            ClosedAt = random.Next(2) == 0 ? null : new DateTimeOffset(2025, 6, 1, 8, 0, 0, TimeSpan.FromHours(7)),
            Clock = ClockConfidence.Unknown,
            Lines = [.. lines],
            ReceiptDiscount = discount,
            Payments = isAdjustment || random.Next(3) == 0 ? [] : [new((PaymentMeans)random.Next(1, 8), total)],
            Total = total,
            PricesIncludeTax = includesTax,
        };
    }

    private static SaleLine RandomGoods(Random random, InvoiceKind kind, bool isAdjustment, bool hasSpecial)
    {
        TaxRate[] rates = [TaxRate.Zero, TaxRate.Five, TaxRate.Eight, TaxRate.Ten, TaxRate.NotSubject, TaxRate.NotDeclared, TaxRate.Other(526)];
        rates = kind == InvoiceKind.Sales ? [TaxRate.NotDeclared] : rates;
        decimal quantity = random.Next(3) == 0 ? random.Next(1_000_000, 5_000_000) / 1_000_000m : random.Next(1, 20);
        quantity = isAdjustment && random.Next(2) == 0 ? -quantity : quantity;
        decimal price = random.Next(100, 900_000) + (random.Next(4) == 0 ? 0.123456m : 0);
        var amount = Money.Round(quantity * price);
        var discount = new Money(random.Next(3) == 0 ? Math.Abs(amount.Dong) / 10 : 0);
        bool isSpecial = hasSpecial && random.Next(6) == 0;
        return new()
        {
            Code = random.Next(2) == 0 ? null : Text(random, 1, 50),
            Name = Text(random, 1, 500),
            Unit = random.Next(4) == 0 ? string.Empty : Text(random, 1, 50),
            Quantity = quantity,
            UnitPrice = price,
            Discount = discount,
            Rate = rates[random.Next(rates.Length)],
            Nature = isSpecial ? LineNature.Special : LineNature.Goods,
            Special = isSpecial ? new((SpecialGoodsType)random.Next(1, 5), Text(random, 1, 50), random.Next(2) == 0 ? "EN-99" : string.Empty) : null,
            Amount = quantity < 0 ? amount + discount : amount - discount,
        };
    }

    /// <summary>What a register prints whose prices bear no tax: the sums by rate, discount shared out, and their tax.</summary>
    private static Money TotalWithTax(List<SaleLine> lines, Money discount)
    {
        // Asked of the product itself: this is about its file, and what it counts has tests of its own.
        Sale guess = new() { Key = new(new("SIM-0001"), 7, 1), Lines = [.. lines], ReceiptDiscount = discount, Total = Money.Zero, PricesIncludeTax = false };
        var faulty = (DraftResult.Faulty?)(InvoiceDrafting.Draft(guess, TestSeller.Seller, InvoiceKind.Vat, RecordedAt, isAdjustment: true) as DraftResult.Faulty);
        ImmutableArray<RuleFault> faults = faulty?.Faults ?? [];
        RuleFault? sum = faults.FirstOrDefault(fault => fault.RuleId == "VN-TOTAL-2");
        return sum is null ? Money.Zero : new(long.Parse(sum.Expected.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));
    }
}

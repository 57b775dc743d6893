using System.Globalization;
using Invoicing.Amounts;
using Invoicing.Sales;

namespace Invoicing.Registers.Receipts;

/// <summary>What was found so far in the lines of one print.</summary>
internal sealed partial class ReceiptDraft(ReceiptTemplate template)
{
    private const int LongestNumber = 32; // of Sale.ReceiptNumber
    private const int FewestAmount = 4; // characters of an amount in đồng or with cents; a count of goods has fewer

    private readonly List<SaleLine> _lines = [];
    private readonly List<Payment> _payments = [];
    private readonly List<long> _totals = [];
    private readonly List<long> _subtotals = [];
    private long? _tax;
    private long _discount;
    private long _change;
    private string _name = string.Empty;
    private string? _trouble;
    private int _amounts;
    private int _unreadAmounts;

    /// <summary>The receipt's number.</summary>
    internal string? Number { get; set; }

    /// <summary>Who sold.</summary>
    internal string? Cashier { get; set; }

    /// <summary>The receipt's date.</summary>
    internal DateOnly? Date { get; set; }

    /// <summary>The receipt's time.</summary>
    internal TimeOnly? Time { get; set; }

    /// <summary>Whether the line was found behind which the goods begin.</summary>
    internal bool IsStarted { get; set; }

    /// <summary>Whether there are goods.</summary>
    internal bool HasItems => _lines.Count > 0;

    /// <summary>Takes a sum.</summary>
    internal void Sum(TemplatePart part, string text)
    {
        if (part == TemplatePart.ItemsEnd)
        {
            return;
        }

        if (!template.Numbers.TryAmount(text, out long amount))
        {
            Trouble($"the {TemplatePatterns.KeyOf(part)} '{text}' is no amount in the template's number format");
            return;
        }

        switch (part)
        {
            case TemplatePart.Total:
                _totals.Add(amount);
                break;
            case TemplatePart.Subtotal:
                _subtotals.Add(amount);
                break;
            case TemplatePart.Tax:
                _tax = (_tax ?? 0) + amount;
                break;
            case TemplatePart.ReceiptDiscount:
                _discount += Math.Abs(amount); // printed with a minus by some tills
                break;
            default:
                _change += Math.Abs(amount);
                break;
        }
    }

    /// <summary>Takes a payment; one that cannot be read is left out, and then payments do not come to the total.</summary>
    internal void Pay(PaymentMeans means, string text)
    {
        if (template.Numbers.TryAmount(text, out long amount))
        {
            _payments.Add(new(means, new(amount)));
        }
    }

    /// <summary>Takes a discount on the last goods.</summary>
    internal void Discount(string text)
    {
        if (!template.Numbers.TryAmount(text, out long amount))
        {
            Trouble($"the discount '{text}' is no amount in the template's number format");
            return;
        }

        Money off = new(Math.Abs(amount));
        SaleLine last = _lines[^1];
        _lines[^1] = last with { Discount = last.Discount + off, Amount = template.AmountsAreAfterDiscount ? last.Amount : last.Amount - off };
    }

    /// <summary>Remembers a line among the goods that no pattern reads.</summary>
    internal void Unread(string line)
    {
        _amounts += line.Length > 0 && char.IsAsciiDigit(line[^1]) ? 1 : 0;
        _unreadAmounts += line.Length - line.AsSpan().TrimEnd("0123456789.,").Length >= FewestAmount ? 1 : 0;
        if (template.NameLines && line.Any(char.IsLetter))
        {
            _name = _name.Length == 0 ? line : $"{_name} {line}";
        }
    }

    /// <summary>Takes goods, if what matched can be read.</summary>
    /// <param name="group">What a group matched; <see langword="null"/> if it did not.</param>
    internal bool TryItem(Func<string, string?> group)
    {
        NumberFormat numbers = template.Numbers;
        decimal quantity = 1;
        decimal price = 0;
        long discount = 0;
        if (!numbers.TryAmount(group("amount"), out long amount)
            || (group("qty") is { } qty && !numbers.TryQuantity(qty, out quantity))
            || (group("price") is { } one && !numbers.TryPrice(one, out price))
            || (group("discount") is { } off && !numbers.TryAmount(off, out discount)))
        {
            return false;
        }

        discount = Math.Abs(discount);
        quantity = amount < 0 && quantity > 0 ? -quantity : quantity;
        long before = template.AmountsAreAfterDiscount ? amount + discount : amount;
        if (group("price") is null)
        {
            price = quantity == 0 ? 0 : decimal.Round(before / quantity, 6);
        }

        string name = $"{_name} {group("name")}".Trim();
        _name = string.Empty;
        CheckLine(name, quantity, price, before);
        _lines.Add(new()
        {
            Code = Some(group("code")),
            Name = name,
            Unit = group("unit")?.Trim() ?? string.Empty,
            Quantity = quantity,
            UnitPrice = price,
            Discount = new(discount),
            Rate = RateOf(group("rate")),
            Amount = new(before - discount),
        });
        return true;
    }

    /// <summary>A line may differ from quantity × price by rounding only; weighed goods by half a gram's price more.</summary>
    private void CheckLine(string name, decimal quantity, decimal price, long amount)
    {
        decimal weighed = decimal.Truncate(quantity) == quantity ? 0 : decimal.Abs(price) * 0.0005m;
        if (decimal.Abs((decimal.Abs(quantity) * decimal.Abs(price)) - decimal.Abs(amount)) > 1 + weighed)
        {
            Trouble($"'{name}': {Plain(quantity)} x {Show(price)} is {Show(quantity * price)}, and {Show(amount)} is printed");
        }
    }

    private TaxRate? RateOf(string? text)
    {
        if (Some(text) is not { } mark)
        {
            return template.DefaultRate;
        }

        if (template.Rates.TryGetValue(mark, out TaxRate rate) || TaxRate.TryParse(mark, out rate))
        {
            return rate;
        }

        return int.TryParse(mark.TrimEnd('%', ' '), NumberStyles.None, CultureInfo.InvariantCulture, out int percent) && percent < 100
            ? (percent is 0 or 5 or 8 or 10 ? TaxRate.Of(TaxRateKind.Percent, percent * 100) : TaxRate.Other(percent * 100))
            : template.DefaultRate;
    }

    private void Trouble(string sentence) => _trouble ??= sentence;

    private static string? Some(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string Plain(decimal value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>An amount in the currency's whole unit, for people.</summary>
    private string Show(decimal amount)
    {
        for (int i = 0; i < template.Numbers.MinorDigits; i++)
        {
            amount /= 10;
        }

        return amount.ToString(template.Numbers.MinorDigits == 0 ? "0.######" : "0." + new string('0', template.Numbers.MinorDigits), CultureInfo.InvariantCulture);
    }
}

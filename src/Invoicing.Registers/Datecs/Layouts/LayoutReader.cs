using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Invoicing.Amounts;
using Invoicing.Sales;

namespace Invoicing.Registers.Datecs.Layouts;

/// <summary>Reads printed documents by a layout. Pure; safe for any number of threads.</summary>
internal sealed class LayoutReader
{
    private readonly int _minorDigits;
    private readonly TimeSpan _offset;
    private readonly Regex _quantity;
    private readonly Regex _item;
    private readonly Regex _sold;
    private readonly Regex _discount;
    private readonly Regex _surcharge;
    private readonly Regex _correction;
    private readonly Regex _subtotal;
    private readonly Regex _total;
    private readonly Regex _change;
    private readonly Regex _number;
    private readonly Regex _time;
    private readonly Regex _cashier;
    private readonly Regex _reversed;
    private readonly Regex _dayCount;
    private readonly Regex _dayTotal;
    private readonly (Regex Pattern, PaymentMeans Means)[] _payments;
    private readonly (Regex Pattern, PrintedKind Kind)[] _kinds;

    /// <summary>Makes a layout ready.</summary>
    public LayoutReader(DatecsLayout layout, int minorDigits, TimeSpan offset)
    {
        (_minorDigits, _offset) = (minorDigits, offset);
        _quantity = DatecsLayout.Compile(layout.Quantity);
        _item = DatecsLayout.Compile(layout.Item);
        _sold = DatecsLayout.Compile(layout.Sold);
        _discount = DatecsLayout.Compile(layout.Discount);
        _surcharge = DatecsLayout.Compile(layout.Surcharge);
        _correction = DatecsLayout.Compile(layout.Correction);
        _subtotal = DatecsLayout.Compile(layout.Subtotal);
        _total = DatecsLayout.Compile(layout.Total);
        _change = DatecsLayout.Compile(layout.Change);
        _number = DatecsLayout.Compile(layout.Number);
        _time = DatecsLayout.Compile(layout.Time);
        _cashier = DatecsLayout.Compile(layout.Cashier);
        _reversed = DatecsLayout.Compile(layout.Reversed);
        _dayCount = DatecsLayout.Compile(layout.DayCount);
        _dayTotal = DatecsLayout.Compile(layout.DayTotal);
        _payments = [.. layout.Payments.Select(word => (DatecsLayout.Compile(word.Pattern), word.Means))];

        // The first that is found wins: a cancelled or reversing receipt bears the words of a fiscal one, too.
        _kinds =
        [
            (DatecsLayout.Compile(layout.Cancelled), PrintedKind.Cancelled),
            (DatecsLayout.Compile(layout.Report), PrintedKind.Report),
            (DatecsLayout.Compile(layout.DayClose), PrintedKind.DayClose),
            (DatecsLayout.Compile(layout.Reversal), PrintedKind.Reversal),
            (DatecsLayout.Compile(layout.NonFiscal), PrintedKind.NonFiscal),
            (DatecsLayout.Compile(layout.Fiscal), PrintedKind.Receipt),
        ];
    }

    /// <summary>Reads a document.</summary>
    public PrintedDocument Read(IReadOnlyList<string> lines)
    {
        PrintedKind kind = KindOf(lines);
        Reading reading = new(this);
        for (int i = 0; i < lines.Count; i++)
        {
            string line = lines[i];
            if (kind is PrintedKind.DayClose or PrintedKind.Report)
            {
                reading.TakeReport(line);
            }
            else if (IsName(lines, i))
            {
                reading.TakeName(line);
            }
            else
            {
                reading.TakeReceipt(line);
            }

            reading.TakeFrame(line);
        }

        return reading.Done(kind);
    }

    /// <summary>The number that a document prints; <see langword="null"/> if it prints none.</summary>
    public ulong? NumberOf(IReadOnlyList<string> lines)
    {
        ulong? number = null;
        foreach (string line in lines)
        {
            number = NumberIn(line) ?? number;
        }

        return number;
    }

    private PrintedKind KindOf(IReadOnlyList<string> lines)
    {
        foreach ((Regex pattern, PrintedKind kind) in _kinds)
        {
            if (lines.Any(pattern.IsMatch))
            {
                return kind;
            }
        }

        return PrintedKind.Unknown;
    }

    /// <summary>
    /// Right above a line that has quantity, price and amount, and no place for a name, stands the name, whatever else it looks like: in
    /// <c>Tuong ot 270 g</c> the end could be an amount and a tax letter.
    /// </summary>
    private bool IsName(IReadOnlyList<string> lines, int at) => at + 1 < lines.Count && _sold.IsMatch(lines[at + 1]) && !_sold.IsMatch(lines[at]);

    /// <summary>A line that names the document taken back names another document than this one.</summary>
    private ulong? NumberIn(string line) =>
        !_reversed.IsMatch(line) && _number.Match(line) is { Success: true } match && DatecsAmount.TryOrdinal(match.Groups["number"].Value, out ulong number)
            ? number
            : null;

    /// <summary>One document while it is read.</summary>
    private sealed class Reading(LayoutReader layout)
    {
        private readonly List<PrintedLine> _lines = [];
        private readonly List<Payment> _payments = [];
        private (decimal Quantity, decimal Price)? _product;
        private string _above = string.Empty;
        private bool _isTakenBack;
        private bool _isBelowSubtotal;
        private Money _discount;
        private Money _change;
        private Money? _total;
        private ulong? _number;
        private ulong? _reversed;
        private DateTimeOffset? _at;
        private string? _cashier;
        private long? _dayCount;
        private Money? _dayTotal;
        private string? _fault;

        /// <summary>Number, time, cashier: they stand in every document.</summary>
        public void TakeFrame(string line)
        {
            _number = layout.NumberIn(line) ?? _number;
            if (layout._time.Match(line) is { Success: true } time)
            {
                _at = DatecsClock.Read(time.Groups["time"].Value, layout._offset) ?? _at;
            }

            if (_cashier is null && layout._cashier.Match(line) is { Success: true } cashier)
            {
                string name = cashier.Groups["cashier"].Value;
                _cashier = name.Length > 50 ? name[..50] : name;
            }

            if (_reversed is null && layout._reversed.Match(line) is { Success: true } reversed
                && DatecsAmount.TryOrdinal(reversed.Groups["number"].Value, out ulong number))
            {
                _reversed = number;
            }
        }

        public void TakeReport(string line)
        {
            if (_dayCount is null && layout._dayCount.Match(line) is { Success: true } count)
            {
                _dayCount = long.Parse(count.Groups["count"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
            }

            if (_dayTotal is null && layout._dayTotal.Match(line) is { Success: true } total)
            {
                _dayTotal = Amount(total);
            }
        }

        public void TakeName(string line) => _above = line;

        public void TakeReceipt(string line)
        {
            if (_total is null)
            {
                TakeAboveTotal(line);
            }
            else
            {
                TakeBelowTotal(line);
            }
        }

        public PrintedDocument Done(PrintedKind kind)
        {
            if (_product is not null)
            {
                Note("goods behind a quantity, found none");
            }

            return new()
            {
                Kind = kind,
                Number = _number,
                At = _at,
                Cashier = _cashier,
                Reversed = _reversed,
                Lines = [.. _lines],
                Discount = _discount,
                Total = _total,
                Payments = Paid(),
                DayCount = _dayCount,
                DayTotal = _dayTotal,
                Fault = _fault,
            };
        }

        private void TakeAboveTotal(string line)
        {
            if (layout._quantity.Match(line) is { Success: true } quantity)
            {
                TakeQuantity(quantity);
            }
            else if (layout._sold.Match(line) is { Success: true } sold)
            {
                TakeQuantity(sold);
                TakeItem(sold, _above);
            }
            else if (layout._total.Match(line) is { Success: true } total)
            {
                _total = Amount(total);
            }
            else if (layout._subtotal.IsMatch(line))
            {
                _isBelowSubtotal = true;
            }
            else if (layout._surcharge.IsMatch(line))
            {
                Note($"no surcharge, found '{DatecsAmount.Shown(line.Trim())}'");
            }
            else if (layout._discount.Match(line) is { Success: true } discount)
            {
                TakeDiscount(Amount(discount));
            }
            else if (layout._correction.IsMatch(line))
            {
                _isTakenBack = true;
            }
            else if (layout._item.Match(line) is { Success: true } item)
            {
                TakeItem(item, item.Groups["name"].Value);
            }
            else if (!string.IsNullOrWhiteSpace(line))
            {
                _above = line;
            }
        }

        private void TakeQuantity(Match match)
        {
            string quantity = match.Groups["quantity"].Value;
            string price = match.Groups["price"].Value;
            if (!DatecsAmount.TryQuantity(quantity, out decimal number) || DatecsAmount.TryMoney(price, layout._minorDigits, out Money each) is not null)
            {
                Note($"a quantity and a price in whole đồng, found '{DatecsAmount.Shown(match.Value.Trim())}'");
                return;
            }

            _product = (number, each.Dong);
        }

        private void TakeItem(Match match, string name)
        {
            Money amount = Amount(match);
            (decimal quantity, decimal price) = _product ?? (amount < Money.Zero ? -1 : 1, Math.Abs(amount.Dong));
            if (_isTakenBack || (amount < Money.Zero && quantity > 0))
            {
                quantity = -Math.Abs(quantity);
                amount = amount > Money.Zero ? -amount : amount;
            }

            _lines.Add(new(name.Trim(), quantity, price, amount, match.Groups["tax"].Value));
            (_product, _isTakenBack, _isBelowSubtotal, _above) = (null, false, false, string.Empty);
        }

        private void TakeDiscount(Money amount)
        {
            Money off = amount < Money.Zero ? -amount : amount;
            if (_isBelowSubtotal || _lines.Count == 0)
            {
                _discount += off;
            }
            else
            {
                _lines[^1] = _lines[^1] with { Discount = _lines[^1].Discount + off };
            }
        }

        private void TakeBelowTotal(string line)
        {
            if (layout._change.Match(line) is { Success: true } change)
            {
                _change += Amount(change);
                return;
            }

            foreach ((Regex pattern, PaymentMeans means) in layout._payments)
            {
                if (pattern.Match(line) is { Success: true } payment)
                {
                    _payments.Add(new(means, Amount(payment)));
                    return;
                }
            }
        }

        /// <summary>Change is cash: it comes off the cash that was given, or off what was given last.</summary>
        private ImmutableArray<Payment> Paid()
        {
            List<Payment> paid = [.. _payments];
            if (_change != Money.Zero && paid.Count > 0)
            {
                int at = Math.Max(paid.FindIndex(payment => payment.Means == PaymentMeans.Cash), 0);
                paid[at] = paid[at] with { Amount = paid[at].Amount - _change };
            }

            decimal sum = paid.Sum(payment => (decimal)payment.Amount.Dong);
            return _total is { } total && sum == total.Dong ? [.. paid.Where(payment => payment.Amount != Money.Zero)] : [];
        }

        private Money Amount(Match match)
        {
            if (DatecsAmount.TryMoney(match.Groups["amount"].Value, layout._minorDigits, out Money money) is { } fault)
            {
                Note(fault);
            }

            return money;
        }

        private void Note(string fault) => _fault ??= $"expected {fault}";
    }
}

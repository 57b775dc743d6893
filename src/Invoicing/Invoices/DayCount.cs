using Invoicing.Amounts;
using Invoicing.Sales;

namespace Invoicing.Invoices;

/// <summary>Adds up a register's day, record by record. For one thread.</summary>
public sealed class DayCount
{
    private readonly Dictionary<TaxRate, (Money Net, Money Tax)> _taxes = [];
    private readonly SortedDictionary<PaymentMeans, Money> _payments = [];
    private readonly SortedDictionary<DayPart, (long Count, Money Total)> _parts = [];

    /// <summary>Adds an invoice.</summary>
    /// <param name="part">What it is.</param>
    /// <param name="invoice">The invoice.</param>
    public void Add(DayPart part, Invoice invoice)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        Add(part, invoice.Total);
        foreach (RateSum sum in invoice.Taxes.Sums)
        {
            (Money net, Money tax) = _taxes.GetValueOrDefault(sum.Rate);
            _taxes[sum.Rate] = (net + sum.Net, tax + sum.Tax);
        }

        foreach (Payment payment in invoice.Sale.Payments)
        {
            _payments[payment.Means] = _payments.GetValueOrDefault(payment.Means) + payment.Amount;
        }
    }

    /// <summary>Adds a correction.</summary>
    public void Add(Correction correction)
    {
        ArgumentNullException.ThrowIfNull(correction);
        if (correction.Invoice is { } invoice)
        {
            Add(correction.Type == CorrectionType.Replacement ? DayPart.Replacement : DayPart.Adjustment, invoice);
        }
        else
        {
            Add(DayPart.Other, Money.Zero);
        }
    }

    /// <summary>Adds a record that became no invoice.</summary>
    /// <param name="part">What it is.</param>
    /// <param name="total">What the register printed; zero where that is not known.</param>
    public void Add(DayPart part, Money total)
    {
        (long count, Money all) = _parts.GetValueOrDefault(part);
        _parts[part] = (count + 1, all + total);
    }

    /// <summary>What was added so far.</summary>
    public DayTotals ToTotals() => new(
        new(_taxes.Select(tax => new RateSum(tax.Key, tax.Value.Net, tax.Value.Tax))),
        [.. _payments.Select(payment => new Payment(payment.Key, payment.Value))],
        [.. _parts.Select(part => new DayPartSum(part.Key, part.Value.Count, part.Value.Total))]);
}

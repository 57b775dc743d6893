using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Vietnam;

/// <summary>Makes an invoice of a sale, up to the point where it needs a code and a number.</summary>
/// <remarks>Texts are put into composed form first (<see cref="VietnameseText"/>), so that rules count characters as the law does.</remarks>
public static class InvoiceDrafting
{
    /// <summary>Judges a sale and drafts its invoice. Pure: safe on any thread.</summary>
    /// <param name="sale">What was rung up.</param>
    /// <param name="seller">Who sold.</param>
    /// <param name="kind">Kind of invoice that the device issues.</param>
    /// <param name="recordedAt">Now, by our clock.</param>
    /// <param name="clockDifference">The register's clock minus ours when last compared; <see langword="null"/> if it never was.</param>
    /// <param name="recovered">
    /// What a gateway before this one gave the sale. It is kept as it is, and so is its kind: the customer holds it.
    /// </param>
    /// <param name="isAdjustment">Whether the lines are the differences that an adjustment states, and may come to less than nothing.</param>
    /// <returns>The draft, or every rule that the sale breaks.</returns>
    public static DraftResult Draft(
        Sale sale,
        Seller seller,
        InvoiceKind kind,
        DateTimeOffset recordedAt,
        TimeSpan? clockDifference = null,
        PrintedInvoice? recovered = null,
        bool isAdjustment = false)
    {
        ArgumentNullException.ThrowIfNull(sale);
        ArgumentNullException.ThrowIfNull(seller);
        FaultList faults = new();
        InvoiceIdentity? held = recovered is null ? null : InvoiceRules.JudgeIdentity(recovered, ref faults);
        InvoiceKind issued = held?.Code.Kind ?? kind;
        InvoiceRules.JudgeSeller(SaleText.Composed(seller), ref faults);
        sale = SaleText.Composed(sale);
        sale = InvoiceRules.IsWithoutVat(issued) ? WithoutVat(sale) : sale;
        TaxBreakdown? taxes = InvoiceRules.JudgeSale(sale, issued, isAdjustment, ref faults);
        if (taxes is null || faults.Any)
        {
            return new DraftResult.Faulty(faults.ToImmutable());
        }

        DateOnly issuedOn = VietnamTime.IssueDate(sale.ClosedAt, sale.Clock, clockDifference, recordedAt, out DateSource source);
        return new DraftResult.Drafted(new InvoiceDraft
        {
            Sale = sale,
            SellerTaxCode = seller.TaxCode,
            Kind = issued,
            IssuedOn = issuedOn,
            DateSource = source,
            Taxes = taxes,
            Recovered = held,
        });
    }

    /// <summary>A sales invoice states no rate: lines without one are neither declared nor paid (KKKNT).</summary>
    private static Sale WithoutVat(Sale sale) => sale.Lines.All(line => line.Rate is not null)
        ? sale
        : sale with { Lines = [.. sale.Lines.Select(line => line.Rate is null ? line with { Rate = TaxRate.NotDeclared } : line)] };
}

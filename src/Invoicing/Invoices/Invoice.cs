using Invoicing.Amounts;
using Invoicing.Hashing;
using Invoicing.Sales;

namespace Invoicing.Invoices;

/// <summary>The tax document made from a sale: coded, numbered and dated.</summary>
/// <remarks>Immutable. Two invoices are the same if their <see cref="Code"/> is; do not compare by <c>==</c>.</remarks>
public sealed record Invoice
{
    /// <summary>What was rung up, unchanged.</summary>
    public required Sale Sale { get; init; }

    /// <summary>Tax code of the seller (MST).</summary>
    public required TaxCode SellerTaxCode { get; init; }

    /// <summary>Kind (KHMSHDon).</summary>
    public required InvoiceKind Kind { get; init; }

    /// <summary>Authority code (MCCQT).</summary>
    public required AuthorityCode Code { get; init; }

    /// <summary>Series (KHHDon).</summary>
    public required InvoiceSeries Series { get; init; }

    /// <summary>Number in the series (SHDon), 1..99,999,999.</summary>
    public required int Number { get; init; }

    /// <summary>Date of issue (NLap), in GMT+7.</summary>
    public required DateOnly IssuedOn { get; init; }

    /// <summary>Where <see cref="IssuedOn"/> comes from.</summary>
    public required DateSource DateSource { get; init; }

    /// <summary>Sums by rate.</summary>
    public required TaxBreakdown Taxes { get; init; }

    /// <summary>Whether code and number were given by a gateway before this one, and are held by the customer.</summary>
    public bool IsRecovered { get; init; }

    /// <summary>Hash of the shop's catalogue that completed the lines; <see langword="null"/> where the register stated all.</summary>
    public Sha256Hash? Catalogue { get; init; }

    /// <summary>Hash of the hole entry that this invoice closes: its record was held before; else <see langword="null"/>.</summary>
    public Sha256Hash? Resolves { get; init; }

    /// <summary>The lease that the register printed code and number from; <see langword="null"/> where the gateway gave them.</summary>
    public ulong? Lease { get; init; }

    /// <summary>Code, series and number.</summary>
    public InvoiceIdentity Identity => new(Code, Series, Number);

    /// <summary>What the register prints.</summary>
    public PrintedInvoice Printed => new(Code.ToString(), Series.ToString(), Number);

    /// <summary>The printed total.</summary>
    public Money Total => Sale.Total;
}

using Invoicing.Hashing;
using Invoicing.Sales;

namespace Invoicing.Invoices;

/// <summary>A judged sale with all that makes it an invoice but code, series and number.</summary>
/// <remarks>
/// Made on the caller's thread before its turn at the journal, so that numbering is all that is left to do in order. Immutable.
/// </remarks>
public sealed record InvoiceDraft
{
    /// <summary>What was rung up, unchanged.</summary>
    public required Sale Sale { get; init; }

    /// <summary>Tax code of the seller (MST).</summary>
    public required TaxCode SellerTaxCode { get; init; }

    /// <summary>Kind (KHMSHDon).</summary>
    public required InvoiceKind Kind { get; init; }

    /// <summary>Date of issue (NLap), in GMT+7. Its year is the year of code and series.</summary>
    public required DateOnly IssuedOn { get; init; }

    /// <summary>Where <see cref="IssuedOn"/> comes from.</summary>
    public required DateSource DateSource { get; init; }

    /// <summary>Sums by rate.</summary>
    public required TaxBreakdown Taxes { get; init; }

    /// <summary>What a gateway before this one gave the sale: kept, and nothing is taken from a range. Else <see langword="null"/>.</summary>
    public InvoiceIdentity? Recovered { get; init; }

    /// <summary>Hash of the shop's catalogue that completed the lines; <see langword="null"/> where the register stated all.</summary>
    public Sha256Hash? Catalogue { get; init; }

    /// <summary>Hash of the hole entry that this invoice closes; else <see langword="null"/>.</summary>
    public Sha256Hash? Resolves { get; init; }

    /// <summary>The lease that the register printed code and number from; <see langword="null"/> where the gateway gives them.</summary>
    public ulong? Lease { get; init; }

    /// <summary>The invoice under an identity of its own, taken from this chain's ranges or <see cref="Recovered"/>.</summary>
    /// <param name="identity">Code, series and number.</param>
    /// <exception cref="ArgumentException">Its kind or year is not the draft's, or it is not <see cref="Recovered"/>.</exception>
    public Invoice Number(InvoiceIdentity identity)
    {
        int year = IssuedOn.Year % 100;
        if (Recovered is InvoiceIdentity held ? held != identity
            : identity.Code.Kind != Kind || identity.Code.Year != year || identity.Series.Year != year)
        {
            throw new ArgumentException(
                $"expected {(Recovered is null ? $"kind {(int)Kind} and year {year:00}" : Recovered)}, found {identity}", nameof(identity));
        }

        return new()
        {
            Sale = Sale,
            SellerTaxCode = SellerTaxCode,
            Kind = Kind,
            Code = identity.Code,
            Series = identity.Series,
            Number = identity.Number,
            IssuedOn = IssuedOn,
            DateSource = DateSource,
            Taxes = Taxes,
            IsRecovered = Recovered is not null,
            Catalogue = Catalogue,
            Resolves = Resolves,
            Lease = Lease,
        };
    }
}

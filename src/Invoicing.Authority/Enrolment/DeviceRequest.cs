using Invoicing.Invoices;

namespace Invoicing.Authority.Enrolment;

/// <summary>A device that is to be enrolled.</summary>
internal sealed record DeviceRequest
{
    /// <summary>Codes granted unless said otherwise: two years of a busy till.</summary>
    public const int DefaultCodes = 1_000_000;

    /// <summary>Numbers granted unless said otherwise: a year of a busy till.</summary>
    public const int DefaultNumbers = 500_000;

    /// <summary>Life of a certificate that its device renews by itself, days.</summary>
    public const int DefaultCertificateDays = 90;

    /// <summary>Longest life of a certificate, days; one that nobody renews gets it.</summary>
    public const int MaxCertificateDays = 825;

    /// <summary>1 to 64 characters A-Z, a-z, 0-9, '.', '_' or '-'.</summary>
    public required string Name { get; init; }

    /// <summary>Who sells.</summary>
    public required Seller Seller { get; init; }

    /// <summary>Block of the codes, five characters.</summary>
    public required string Block { get; init; }

    /// <summary>Series of the numbers; <see langword="null"/>: C, this year, MAA.</summary>
    public InvoiceSeries? Series { get; init; }

    /// <summary>How many codes.</summary>
    public int Codes { get; init; } = DefaultCodes;

    /// <summary>How many numbers.</summary>
    public int Numbers { get; init; } = DefaultNumbers;

    /// <summary>Kind of its invoices.</summary>
    public InvoiceKind Kind { get; init; } = InvoiceKind.Vat;

    /// <summary>Life of its certificates, 1 to 825 days.</summary>
    public int CertificateDays { get; init; } = MaxCertificateDays;
}

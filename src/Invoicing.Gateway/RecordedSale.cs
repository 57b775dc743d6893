using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Gateway;

/// <summary>What became of a register's record, as the journal has it.</summary>
/// <param name="Key">Register, epoch, sequence.</param>
/// <param name="RecordHash">Hash of the record that came first.</param>
/// <param name="Entry">Its entry; of a sale that was held first and became an invoice, the invoice's.</param>
public sealed record RecordedSale(SaleKey Key, Sha256Hash RecordHash, SignedEntry Entry)
{
    /// <summary>The invoice; <see langword="null"/> if it is held, or no invoice was due.</summary>
    public Invoice? Invoice { get; init; }

    /// <summary>Text for the receipt's lookup QR code; empty without an invoice.</summary>
    public string Lookup { get; init; } = string.Empty;

    /// <summary>Why it is held; <see langword="null"/> if it is not.</summary>
    public string? HeldBecause { get; init; }
}

using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Sales;

namespace Invoicing.Demo.Reconciling;

/// <summary>One sale as some party holds it.</summary>
/// <param name="Key">Register, epoch, sequence.</param>
/// <param name="Hash">Hash of the register's record.</param>
/// <param name="Total">Whole đồng.</param>
/// <param name="Code">Authority code; <see langword="null"/> if the party has none.</param>
internal sealed record SaleItem(SaleKey Key, Sha256Hash Hash, long Total, string? Code)
{
    /// <summary>Reads the invoice of an entry; <see langword="null"/> if it holds none.</summary>
    public static SaleItem? From(ReadOnlySpan<byte> body) =>
        EntryFields.Read(body, out EntryFields fields) is null && fields.Kind is EntryKind.Invoice or EntryKind.Correction
        && ContentFields.Read(fields.Kind, fields.Content(body), out ContentFields content) is null && content.Record is { } record && content.Code is not null
            ? new(record.Key, record.Hash, content.Total, content.Code?.ToString())
            : null;
}

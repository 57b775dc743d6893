using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.NationalXml;

/// <summary>An invoice with all that the law's file says of it beside the invoice itself.</summary>
public sealed record NationalInvoice
{
    /// <summary>The invoice; of a correction, the new one.</summary>
    public required Invoice Invoice { get; init; }

    /// <summary>When it was recorded: its time of issue where the register's clock was not to be believed.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>Position of its entry in the chain, by which faults and answers name it; 0 where there is none.</summary>
    public long Position { get; init; }

    /// <summary>Who bought; <see langword="null"/> where the buyer did not ask to be named.</summary>
    public Buyer? Buyer { get; init; }

    /// <summary>The replacement or adjustment that it belongs to; <see langword="null"/> for a first invoice.</summary>
    public Correction? Correction { get; init; }

    /// <summary>Its total in Vietnamese words (TgTTTBChu), at most 255 characters.</summary>
    public required string AmountInWords { get; init; }

    /// <summary>Text of its QR code (DLQRCode), at most 512 characters; <see langword="null"/> for none.</summary>
    public string? QrCode { get; init; }
}

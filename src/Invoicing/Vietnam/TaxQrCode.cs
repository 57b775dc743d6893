using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Invoicing.Amounts;
using Invoicing.Invoices;

namespace Invoicing.Vietnam;

/// <summary>The QR code of an invoice (DLQRCode): a payment code as banks read it, with the tax authority's look-up in template 99.</summary>
/// <remarks>
/// <para>
/// Elements in the order of the official example: 00, 01, those of <see cref="Payment"/>, 52 to 60, 62, 99, and the checksum 63. Empty values are
/// left out; a value of more than 99 characters and a text of more than 512 are faults. The checksum is over the UTF-8 bytes of all before it.
/// </para>
/// <para>
/// Immutable; do not compare by <c>==</c>. Source: Decision 1271/QĐ-CT, Part I.IV.7 and Annex XIII; TCVN 7322:2009; Decision 1928/QĐ-NHNN (2018).
/// </para>
/// </remarks>
public sealed partial record TaxQrCode
{
    /// <summary>Longest text (DLQRCode), in characters.</summary>
    public const int MaxLength = 512;

    /// <summary>Application identifier of the tax look-up, as in the official example.</summary>
    public const string TaxApplication = "A000000775";

    private readonly ImmutableArray<QrField> _payment = [];

    /// <summary>How often the code is used (01): <c>12</c> once, for one invoice; <c>11</c> again and again.</summary>
    public string Initiation { get; init; } = "12";

    /// <summary>
    /// Accounts to pay to, as elements 02 to 51 in this order; a template's value (26 and above) is written by <see cref="QrField.Join"/>. Never
    /// <c>default</c>.
    /// </summary>
    public ImmutableArray<QrField> Payment
    {
        get => _payment;
        init => _payment = value.IsDefault ? [] : value;
    }

    /// <summary>Category of the merchant (52), four digits of ISO 18245.</summary>
    public string Category { get; init; } = string.Empty;

    /// <summary>Currency (53), three digits of ISO 4217: 704 is đồng.</summary>
    public string Currency { get; init; } = "704";

    /// <summary>Amount to pay (54), in đồng; <see langword="null"/>, 0 and below leave it out, for there is nothing to pay.</summary>
    public Money? Amount { get; init; }

    /// <summary>Country (58).</summary>
    public string Country { get; init; } = "VN";

    /// <summary>Name of the merchant (59).</summary>
    public string Merchant { get; init; } = string.Empty;

    /// <summary>City of the merchant (60).</summary>
    public string City { get; init; } = string.Empty;

    /// <summary>Number of the bill (62, 01).</summary>
    public string Bill { get; init; } = string.Empty;

    /// <summary>Store (62, 03).</summary>
    public string Store { get; init; } = string.Empty;

    /// <summary>Register (62, 07).</summary>
    public string Terminal { get; init; } = string.Empty;

    /// <summary>Tax code of the seller (99, 01); its dash is not written.</summary>
    public TaxCode SellerTaxCode { get; init; }

    /// <summary>Kind of the invoice (99, 02).</summary>
    public InvoiceKind Kind { get; init; }

    /// <summary>Series of the invoice (99, 03): any, also of invoices that come from no cash register.</summary>
    public string Series { get; init; } = string.Empty;

    /// <summary>Number of the invoice (99, 04), written without leading zeros.</summary>
    public int Number { get; init; }

    /// <summary>Date of issue (99, 05), in GMT+7.</summary>
    public DateOnly IssuedOn { get; init; }

    /// <summary>Total of the invoice (99, 06), in đồng; an adjustment's may be negative.</summary>
    public Money Total { get; init; }

    /// <summary>Judges what would be written.</summary>
    /// <returns>Every element that is too long, or the whole if it is; empty if it can be written.</returns>
    public ImmutableArray<RuleFault> Judge()
    {
        FaultList faults = new();
        int[] ids = [.. Payment.Select(account => account.Id)];
        if (Array.Exists(ids, id => id is < 2 or > 51) || ids.Distinct().Count() < ids.Length)
        {
            faults.Add(RuleIds.QrElement, nameof(Payment), "elements 02 to 51, each once", string.Join(", ", ids));
        }

        foreach (QrField field in Leaves())
        {
            if (field.Length > QrField.MaxLength)
            {
                faults.Add(
                    RuleIds.QrElement, $"{field.Id:00}", $"at most {QrField.MaxLength} characters", $"{field.Length} characters, {RuleText.Show(field.Value)}");
            }

            if (!RuleText.IsClean(field.Value))
            {
                faults.Add(RuleIds.QrElement, $"{field.Id:00}", "text without control characters and without halves of characters", RuleText.Show(field.Value));
            }
        }

        if (!faults.Any)
        {
            foreach (QrField template in Templates().Where(template => template.Length > QrField.MaxLength))
            {
                faults.Add(RuleIds.QrElement, $"{template.Id:00}", $"at most {QrField.MaxLength} characters", $"{template.Length} characters");
            }
        }

        if (!faults.Any && RuleText.Length(WithoutChecksum()) + 4 is var length && length > MaxLength)
        {
            faults.Add(RuleIds.QrWhole, "DLQRCode", $"at most {MaxLength} characters", $"{length} characters");
        }

        return faults.ToImmutable();
    }

    /// <summary>Writes the text.</summary>
    /// <exception cref="InvoicingException">It breaks a rule; <see cref="Judge"/> says which before.</exception>
    public string Write()
    {
        ImmutableArray<RuleFault> faults = Judge();
        if (!faults.IsEmpty)
        {
            throw new InvoicingException($"the QR code cannot be written: {string.Join("; ", faults)}; shorten what is too long where it is entered");
        }

        string text = WithoutChecksum();
        return string.Create(CultureInfo.InvariantCulture, $"{text}{Crc16.Of(Encoding.UTF8.GetBytes(text)):X4}");
    }

    private string WithoutChecksum() => QrField.Join(
        [
            new(0, "01"), new(1, Initiation), .. Payment, new(52, Category), new(53, Currency),
            new(54, Amount is { } amount && amount > Money.Zero ? Plain(amount.Dong) : string.Empty),
            new(58, Country), new(59, Merchant), new(60, City), .. Templates(),
        ]) + "6304";

    private QrField[] Templates() => [new(62, QrField.Join(BillParts())), new(99, QrField.Join(TaxParts()))];

    private QrField[] BillParts() => [new(1, Bill), new(3, Store), new(7, Terminal)];

    private QrField[] TaxParts() =>
    [
        new(0, TaxApplication), new(1, SellerTaxCode.ToString().Replace("-", string.Empty, StringComparison.Ordinal)), new(2, Plain((int)Kind)),
        new(3, Series), new(4, Plain(Number)), new(5, IssuedOn.ToString("yyyyMMdd", CultureInfo.InvariantCulture)), new(6, Plain(Total.Dong)),
    ];

    private IEnumerable<QrField> Leaves() =>
    [
        new(1, Initiation), .. Payment, new(52, Category), new(53, Currency), new(58, Country), new(59, Merchant), new(60, City),
        .. BillParts(), .. TaxParts(),
    ];

    private static string Plain(long number) => number.ToString(CultureInfo.InvariantCulture);
}

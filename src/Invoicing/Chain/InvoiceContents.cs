using System.Globalization;
using Google.Protobuf;
using Invoicing.Amounts;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Protos.V1;
using Invoicing.Sales;
using Domain = Invoicing.Invoices;

namespace Invoicing.Chain;

/// <summary>Invoices as content of entries, both ways. Pure.</summary>
public static class InvoiceContents
{
    /// <summary>Serialises an invoice.</summary>
    /// <param name="invoice">The invoice.</param>
    /// <param name="recordHash">Hash of the register's record.</param>
    /// <param name="attachments">What travels beside the entry, at most 8.</param>
    public static EntryContent From(Invoice invoice, in Sha256Hash recordHash, IReadOnlyList<AttachmentReference> attachments)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        ArgumentNullException.ThrowIfNull(attachments);
        return new(EntryKind.Invoice, ToContent(invoice, recordHash, attachments).ToByteArray());
    }

    /// <summary>Serialises a draft, to be numbered later.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="recordHash">Hash of the register's record.</param>
    /// <param name="attachments">What travels beside the entry, at most 8.</param>
    public static UnnumberedInvoice Unnumbered(
        InvoiceDraft draft, in Sha256Hash recordHash, IReadOnlyList<AttachmentReference> attachments)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(attachments);
        InvoiceContent content = Fill(
            draft.Sale, draft.Recovered is not null, recordHash, draft.Kind, draft.IssuedOn, draft.DateSource, draft.SellerTaxCode,
            draft.Taxes);
        Complete(content, draft.Catalogue, draft.Resolves, draft.Lease, attachments);
        return new(content.ToByteArray());
    }

    /// <summary>Reads an invoice back.</summary>
    /// <param name="content">The content message of an entry of kind <see cref="EntryKind.Invoice"/>.</param>
    /// <exception cref="InvoicingException">The content names values that no invoice has.</exception>
    public static Invoice Read(ReadOnlySpan<byte> content)
    {
        try
        {
            return Read(InvoiceContent.Parser.ParseFrom(content));
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or InvalidProtocolBufferException or OverflowException)
        {
            throw new InvoicingException($"expected an invoice in the entry, found values that none has: {fault.Message}", innerException: fault);
        }
    }

    internal static InvoiceContent ToContent(Invoice invoice, in Sha256Hash recordHash, IReadOnlyList<AttachmentReference> attachments)
    {
        InvoiceContent content = Fill(
            invoice.Sale, invoice.IsRecovered, recordHash, invoice.Kind, invoice.IssuedOn, invoice.DateSource, invoice.SellerTaxCode,
            invoice.Taxes);
        content.Code = invoice.Code.ToString();
        content.Series = invoice.Series.ToString();
        content.Number = (uint)invoice.Number;
        Complete(content, invoice.Catalogue, invoice.Resolves, invoice.Lease, attachments);
        return content;
    }

    internal static uint DateNumber(DateOnly date) => (uint)((date.Year * 10_000) + (date.Month * 100) + date.Day);

    internal static DateOnly ToDate(uint number) =>
        DateOnly.ParseExact(number.ToString("00000000", CultureInfo.InvariantCulture), "yyyyMMdd", CultureInfo.InvariantCulture);

    private static void Complete(
        InvoiceContent content, Sha256Hash? catalogue, Sha256Hash? resolves, ulong? lease, IReadOnlyList<AttachmentReference> attachments)
    {
        content.Attachments.AddRange(attachments.Select(EntryContents.ToReference));
        if (catalogue is { } version)
        {
            content.Catalogue = ByteString.CopyFrom(version.ToArray());
        }

        if (resolves is { } hole)
        {
            content.Resolves = ByteString.CopyFrom(hole.ToArray());
        }

        if (lease is { } id)
        {
            content.Lease = id;
        }
    }

    internal static Invoice Read(InvoiceContent content) => new()
    {
        Sale = new()
        {
            Key = EntryContents.ToKey(content.Record).Key,
            RecordHash = EntryContents.ToKey(content.Record).Hash,
            ReceiptNumber = content.HasReceiptNumber ? content.ReceiptNumber : null,
            ClosedAt = content.HasClosedAt
                ? DateTimeOffset.FromUnixTimeMilliseconds(content.ClosedAt).ToOffset(TimeSpan.FromMinutes(content.ClosedOffset))
                : null,
            Cashier = content.HasCashier ? content.Cashier : null,
            Lines = [.. content.Lines.Select(ToLine)],
            ReceiptDiscount = new(content.ReceiptDiscount),
            Payments = [.. content.Payments.Select(p => new Payment((PaymentMeans)p.Means, new(p.Amount)))],
            Total = new(content.Total),
            PricesIncludeTax = content.PricesIncludeTax,
        },
        SellerTaxCode = TaxCode.Parse(content.SellerTaxCode),
        Kind = (InvoiceKind)content.Kind,
        Code = AuthorityCode.Parse(content.Code),
        Series = InvoiceSeries.Parse(content.Series),
        Number = (int)content.Number,
        IssuedOn = ToDate(content.IssueDate),
        DateSource = (Domain.DateSource)content.DateSource,
        Taxes = new(content.Taxes.Select(EntryContents.ToSum)),
        IsRecovered = content.Record.Recovered,
        Catalogue = content.HasCatalogue ? new Sha256Hash(content.Catalogue.Span) : null,
        Resolves = content.HasResolves ? new Sha256Hash(content.Resolves.Span) : null,
        Lease = content.HasLease ? content.Lease : null,
    };

    private static InvoiceContent Fill(
        Sale sale, bool isRecovered, in Sha256Hash recordHash, InvoiceKind kind, DateOnly issuedOn, Domain.DateSource dateSource,
        TaxCode seller, TaxBreakdown taxes)
    {
        var content = new InvoiceContent
        {
            Record = EntryContents.Record(new(sale.Key, recordHash, isRecovered)),
            Kind = (uint)kind,
            IssueDate = DateNumber(issuedOn),
            DateSource = (Protos.V1.DateSource)dateSource,
            SellerTaxCode = seller.ToString(),
            PricesIncludeTax = sale.PricesIncludeTax,
            ReceiptDiscount = sale.ReceiptDiscount.Dong,
            Total = sale.Total.Dong,
        };
        if (sale.ClosedAt is { } closedAt)
        {
            content.ClosedAt = closedAt.ToUnixTimeMilliseconds();
            content.ClosedOffset = (int)(closedAt.Offset.Ticks / TimeSpan.TicksPerMinute);
        }

        if (sale.ReceiptNumber is { } receipt)
        {
            content.ReceiptNumber = receipt;
        }

        if (sale.Cashier is { } cashier)
        {
            content.Cashier = cashier;
        }

        content.Lines.AddRange(sale.Lines.Select(ToLine));
        content.Taxes.AddRange(taxes.Sums.Select(EntryContents.ToSum));
        content.Payments.AddRange(sale.Payments.Select(p => new PaymentPart { Means = (uint)p.Means, Amount = p.Amount.Dong }));
        return content;
    }

    private static InvoiceLine ToLine(SaleLine line)
    {
        var content = new InvoiceLine
        {
            Name = line.Name,
            Unit = line.Unit,
            Quantity = ToDecimal(line.Quantity),
            UnitPrice = ToDecimal(line.UnitPrice),
            Discount = line.Discount.Dong,
            Amount = line.Amount.Dong,
        };
        if (line.Rate is { } rate)
        {
            content.Rate = EntryContents.ToRate(rate);
        }

        if (line.Code is { } code)
        {
            content.Code = code;
        }

        if (line.Nature != LineNature.Goods)
        {
            content.Nature = (uint)line.Nature;
        }

        if (line.Special is { } special)
        {
            content.Special = new() { Kind = (uint)special.Type, Identity = special.Identity };
            if (special.Engine.Length > 0)
            {
                content.Special.Engine = special.Engine;
            }
        }

        return content;
    }

    private static SaleLine ToLine(InvoiceLine line) => new()
    {
        Code = line.HasCode ? line.Code : null,
        Name = line.Name,
        Unit = line.Unit,
        Quantity = SixDecimals.Join(line.Quantity.Units, line.Quantity.Micros),
        UnitPrice = SixDecimals.Join(line.UnitPrice.Units, line.UnitPrice.Micros),
        Discount = new(line.Discount),
        Rate = line.Rate is { } rate ? EntryContents.ToRate(rate) : null,
        Amount = new(line.Amount),
        Nature = line.HasNature ? (LineNature)line.Nature : LineNature.Goods,
        Special = line.Special is { } special ? new((SpecialGoodsType)special.Kind, special.Identity, special.Engine) : null,
    };

    private static Decimal6 ToDecimal(decimal value)
    {
        (long units, int micros) = SixDecimals.Split(value);
        var content = new Decimal6 { Units = units };
        if (micros != 0)
        {
            content.Micros = micros;
        }

        return content;
    }
}

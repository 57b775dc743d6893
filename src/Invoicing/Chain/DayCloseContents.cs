using Google.Protobuf;
using Invoicing.Invoices;
using Invoicing.Protos.V1;
using Invoicing.Sales;
using Domain = Invoicing.Sales;

namespace Invoicing.Chain;

/// <summary>Day closes as content of entries, both ways. Pure.</summary>
public static class DayCloseContents
{
    /// <summary>Serialises a day close.</summary>
    /// <param name="close">The close.</param>
    /// <param name="record">The register's record.</param>
    /// <param name="attachments">What travels beside the entry, at most 8.</param>
    public static EntryContent From(DayClose close, in RegisterRecordKey record, IReadOnlyList<AttachmentReference> attachments)
    {
        ArgumentNullException.ThrowIfNull(close);
        ArgumentNullException.ThrowIfNull(attachments);
        var content = new DayCloseContent
        {
            Record = EntryContents.Record(record),
            BusinessDate = InvoiceContents.DateNumber(close.Date),
            FirstSequence = close.FirstSequence,
            LastSequence = close.LastSequence,
            Sales = (ulong)close.Recorded.Sales,
            Total = close.Recorded.Total.Dong,
        };
        content.Taxes.AddRange(close.Recorded.Taxes.Sums.Select(EntryContents.ToSum));
        content.Payments.AddRange(close.Recorded.Payments.Select(ToPart));
        content.Attachments.AddRange(attachments.Select(EntryContents.ToReference));
        content.Kinds.AddRange(close.Recorded.Parts.Select(
            part => new KindTotal { Kind = (DayKind)part.Part, Count = (ulong)part.Count, Total = part.Total.Dong }));
        if (close.Stated is { } stated)
        {
            content.Stated = new() { Sales = (ulong)stated.Sales, Total = stated.Total.Dong };
            content.Stated.Taxes.AddRange(stated.Taxes.Select(tax => EntryContents.ToSum(new Invoices.RateSum(tax.Rate, tax.Net, tax.Tax))));
            content.Stated.Payments.AddRange(stated.Payments.Select(ToPart));
        }

        return new(EntryKind.DayClose, content.ToByteArray());
    }

    /// <summary>Reads a day close back.</summary>
    /// <param name="content">The content message of an entry of kind <see cref="EntryKind.DayClose"/>.</param>
    /// <exception cref="InvoicingException">The content names values that no day close has.</exception>
    public static DayClose Read(ReadOnlySpan<byte> content)
    {
        try
        {
            DayCloseContent read = DayCloseContent.Parser.ParseFrom(content);
            DayTotals recorded = new(
                new(read.Taxes.Select(EntryContents.ToSum)),
                [.. read.Payments.Select(ToPayment)],
                [.. read.Kinds.Select(kind => new DayPartSum((DayPart)kind.Kind, (long)kind.Count, new(kind.Total)))]);
            return new(InvoiceContents.ToDate(read.BusinessDate), read.FirstSequence, read.LastSequence, recorded, ToStated(read.Stated));
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or InvalidProtocolBufferException or OverflowException)
        {
            throw new InvoicingException($"expected a day close in the entry, found values that none has: {fault.Message}", innerException: fault);
        }
    }

    private static Domain.StatedTotals? ToStated(Protos.V1.StatedTotals? stated) => stated is null
        ? null
        : new((long)stated.Sales, new(stated.Total), [.. stated.Taxes.Select(ToTax)], [.. stated.Payments.Select(ToPayment)]);

    private static StatedTax ToTax(Protos.V1.RateSum sum)
    {
        Invoices.RateSum read = EntryContents.ToSum(sum);
        return new(read.Rate, read.Net, read.Tax);
    }

    private static PaymentPart ToPart(Payment payment) => new() { Means = (uint)payment.Means, Amount = payment.Amount.Dong };

    private static Payment ToPayment(PaymentPart part) => new((PaymentMeans)part.Means, new(part.Amount));
}

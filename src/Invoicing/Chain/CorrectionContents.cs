using Google.Protobuf;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Protos.V1;

namespace Invoicing.Chain;

/// <summary>Corrections as content of entries, both ways. Pure.</summary>
public static class CorrectionContents
{
    /// <summary>Serialises a correction.</summary>
    /// <param name="correction">The correction.</param>
    /// <param name="record">The record that asked for it.</param>
    /// <param name="attachments">What travels beside the entry, at most 8.</param>
    /// <exception cref="ArgumentException">An invoice in a notice, or none in another correction.</exception>
    public static EntryContent From(Correction correction, in RegisterRecordKey record, IReadOnlyList<AttachmentReference> attachments)
    {
        ArgumentNullException.ThrowIfNull(correction);
        ArgumentNullException.ThrowIfNull(attachments);
        if (correction.Type == CorrectionType.BuyerNotice == correction.Invoice is not null)
        {
            throw new ArgumentException($"expected an invoice in every correction but a notice, found the contrary in {correction.Type}", nameof(correction));
        }

        CorrectedInvoice corrected = correction.Corrected;
        var content = new CorrectionContent
        {
            Method = (CorrectionMethod)correction.Type,
            CorrectedCode = corrected.Code.ToString(),
            Reason = correction.Reason,
            CorrectedKind = (uint)corrected.Kind,
            CorrectedSeries = corrected.Series.ToString(),
            CorrectedNumber = (uint)corrected.Number,
            CorrectedDate = InvoiceContents.DateNumber(corrected.IssuedOn),
        };
        if (corrected.EntryHash is { } hash)
        {
            content.CorrectedHash = ByteString.CopyFrom(hash.ToArray());
        }

        if (correction.Invoice is { } invoice)
        {
            content.Invoice = InvoiceContents.ToContent(invoice, record.Hash, attachments);
        }
        else
        {
            content.Record = EntryContents.Record(record);
            content.Attachments.AddRange(attachments.Select(EntryContents.ToReference));
        }

        return new(EntryKind.Correction, content.ToByteArray());
    }

    /// <summary>Reads a correction back.</summary>
    /// <param name="content">The content message of an entry of kind <see cref="EntryKind.Correction"/>.</param>
    /// <exception cref="InvoicingException">The content names values that no correction has.</exception>
    public static Correction Read(ReadOnlySpan<byte> content)
    {
        try
        {
            CorrectionContent read = CorrectionContent.Parser.ParseFrom(content);
            return new()
            {
                Type = (CorrectionType)read.Method,
                Corrected = new(
                    AuthorityCode.Parse(read.CorrectedCode), InvoiceSeries.Parse(read.CorrectedSeries), (int)read.CorrectedNumber,
                    InvoiceContents.ToDate(read.CorrectedDate), read.HasCorrectedHash ? new Sha256Hash(read.CorrectedHash.Span) : null),
                Reason = read.Reason,
                Invoice = read.Invoice is null ? null : InvoiceContents.Read(read.Invoice),
            };
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or InvalidProtocolBufferException or OverflowException)
        {
            throw new InvoicingException($"expected a correction in the entry, found values that none has: {fault.Message}", innerException: fault);
        }
    }
}

using Google.Protobuf;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Protos.V1;
using Invoicing.Testing;

namespace Invoicing.Tests.Chain;

public sealed class EntryBytesTests
{
    [Fact]
    public void Hand_written_bodies_are_what_protobuf_writes()
    {
        using var chain = new TestChain();
        for (int i = 0; i < 20; i++)
        {
            chain.AddInvoice();
        }

        chain.Add(EntryContents.DeviceEvent(DeviceEventType.ClockStep, "stepped back", before: -5, after: long.MaxValue));
        chain.Add(EntryContents.LineEvent(new("SIM-0001"), ulong.MaxValue, RegisterEventType.Gap, 3, 9, "not retained"));
        chain.Add(EntryContents.Seal(SealType.Shutdown, "stopped"));

        Assert.All(chain.Entries, entry => Assert.Equal(entry.Body.ToArray(), EntryBody.Parser.ParseFrom(entry.Body.Span).ToByteArray()));
    }

    [Fact]
    public void Hand_read_header_agrees_with_the_generated_parser()
    {
        using var chain = new TestChain();
        chain.AddInvoice();
        chain.ChangeKey();
        ChainHead head = chain.Head;
        var anchor = new Anchor(Sha256Hash.Of("watermark"u8), -1);
        SignedEntry anchored = ChainAppend.NextSigned(
            ref head, EntryContents.DeviceEvent(DeviceEventType.Started, "x"), long.MinValue, chain.Signer, anchor);

        foreach (SignedEntry entry in chain.Entries.Append(anchored))
        {
            Assert.Null(EntryFields.Read(entry.Body.Span, out EntryFields fields));
            EntryBody body = EntryBody.Parser.ParseFrom(entry.Body.Span);

            Assert.Equal(1u, fields.Format);
            Assert.Equal(body.Chain.ToByteArray(), fields.Chain.ToArray());
            Assert.Equal(body.Position, (ulong)fields.Position);
            Assert.Equal(body.PreviousHash.ToByteArray(), fields.PreviousHash.ToArray());
            Assert.Equal(body.RecordedAt, fields.RecordedAt);
            Assert.Equal(body.KeyId.ToByteArray(), fields.KeyId.ToArray());
            Assert.Equal(body.Anchor?.LedgerTime, fields.Anchor?.LedgerTime);
            Assert.Equal(entry.Kind, fields.Kind);
            byte[] content = entry.Kind switch
            {
                EntryKind.Opening => body.Opening.ToByteArray(),
                EntryKind.Invoice => body.Invoice.ToByteArray(),
                EntryKind.KeyChange => body.KeyChange.ToByteArray(),
                _ => body.DeviceEvent.ToByteArray(),
            };
            Assert.Equal(content, fields.Content(entry.Body.Span).ToArray());
        }
    }

    [Fact]
    public void Hand_read_content_agrees_with_the_invoice()
    {
        using var chain = new TestChain();
        SignedEntry entry = chain.AddInvoice();
        EntryFields.Read(entry.Body.Span, out EntryFields fields);

        Assert.Null(ContentFields.Read(fields.Kind, fields.Content(entry.Body.Span), out ContentFields content));
        Invoicing.Invoices.Invoice invoice = InvoiceContents.Read(fields.Content(entry.Body.Span));

        Assert.Equal(invoice.Sale.Key, content.Record!.Value.Key);
        Assert.Equal(invoice.Sale.RecordHash, content.Record.Value.Hash);
        Assert.Equal(invoice.Code, content.Code);
        Assert.Equal(invoice.Series, content.Series);
        Assert.Equal(invoice.Number, content.Number);
        Assert.Equal(invoice.SellerTaxCode.ToString(), content.SellerTaxCode);
        Assert.Equal(invoice.Total.Dong, content.Total);
    }

    [Fact]
    public void Invoice_comes_back_as_it_went_in()
    {
        using var chain = new TestChain();
        Invoicing.Sales.Sale sale = TestSales.Make(
            "SIM-0001", 9, 4, new DateTimeOffset(2026, 7, 1, 15, 0, 0, TimeSpan.FromHours(7)));
        SignedEntry entry = chain.AddInvoice(sale);
        EntryFields.Read(entry.Body.Span, out EntryFields fields);

        Invoicing.Invoices.Invoice read = InvoiceContents.Read(fields.Content(entry.Body.Span));

        Assert.Equal(sale.Lines.AsEnumerable(), read.Sale.Lines);
        Assert.Equal(sale.Payments.AsEnumerable(), read.Sale.Payments);
        Assert.Equal(sale.ClosedAt, read.Sale.ClosedAt);
        Assert.Equal(TimeSpan.FromHours(7), read.Sale.ClosedAt!.Value.Offset);
        Assert.Equal(sale.ReceiptNumber, read.Sale.ReceiptNumber);
        Assert.Equal(sale.Total, read.Total);
        Assert.Equal(sale.Total, read.Taxes.Total);
        Assert.False(read.IsRecovered);
    }

    [Fact]
    public void Content_that_fills_more_than_a_body_is_refused_and_the_head_stays()
    {
        using var chain = new TestChain();
        ChainHead before = chain.Head;
        ChainHead head = before;
        var large = new EntryContent(EntryKind.Invoice, new byte[EntryFields.MaxBody]);

        Assert.Throws<EntryTooLargeException>(() => ChainAppend.Next(ref head, large, 0, chain.Signer.KeyId, null));
        Assert.Equal(before, head);
    }
}

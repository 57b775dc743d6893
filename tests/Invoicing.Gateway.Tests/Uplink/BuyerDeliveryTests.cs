using Invoicing.Chain;
using Invoicing.Gateway.Tests.Recording;
using Invoicing.Testing;
using Wire = Invoicing.Protos.V1;

namespace Invoicing.Gateway.Tests.Uplink;

/// <summary>Who bought, on the way to the authority.</summary>
public sealed class BuyerDeliveryTests
{
    [Fact]
    public async Task A_buyer_reaches_the_authority_beside_its_invoice_and_nothing_beside_the_others()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        await using InvoicingGateway gateway = await Delivering.Open(shop, authority);
        await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        IssuedInvoice issued = await gateway.IssueAsync(TestShop.Sale(2) with { Buyer = BuyerTests.Company }).Soon();
        await gateway.IssueAsync(TestShop.Sale(3)).Soon();
        await gateway.WhenAcknowledgedAsync(gateway.Status.HeadPosition).Soon(TimeSpan.FromSeconds(30));

        Wire.SubmittedEntry entry = Assert.Single(authority.Submitted, e => e.Attachments.Count > 0);
        Wire.Attachment attachment = Assert.Single(entry.Attachments);
        Assert.Null(EntryFields.Read(issued.Entry.Body.Span, out EntryFields fields));
        AttachmentReference reference = Assert.Single(AttachmentReferences.Read(EntryKind.Invoice, fields.Content(issued.Entry.Body.Span)));
        Assert.Equal(issued.Entry.Body.ToArray(), entry.Body.ToByteArray());
        Assert.True(reference.Matches(attachment.Salt.Span, attachment.Content.Span));
        Assert.Equal(BuyerTests.Company, BuyerContents.Read(attachment.Content.Span));
    }
}

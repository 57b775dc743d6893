using System.Text;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Hashing;
using Invoicing.Sales;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Recording;

/// <summary>Who bought: beside the entry, never in it.</summary>
public sealed class BuyerTests
{
    public static readonly Buyer Company = new() { Name = "Công ty Sông Hồng", TaxCode = "0312270160", Address = "12 phố Huế, Hà Nội" };

    [Fact]
    public async Task A_buyer_travels_beside_the_invoice_which_holds_a_salted_commitment()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        IssuedInvoice issued = await gateway.IssueAsync(TestShop.Sale(1) with { Buyer = Company }).Soon();
        IssuedInvoice anonymous = await gateway.IssueAsync(TestShop.Sale(2)).Soon();

        Assert.Equal(Company, ReadBuyer(shop, issued.Entry));
        Assert.Empty(Attachments(shop, anonymous.Entry));
        AssertNotIn(issued.Entry);
        Assert.True((await JournalAudit.RunAsync(shop.JournalPath).Soon()).IsSound);
    }

    [Fact]
    public async Task A_registers_record_brings_its_buyer_along()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        RegisterRecord record = TestShop.Record(1);

        await gateway.RecordAsync(record with { Sale = record.Sale! with { Buyer = Company } }, default).Soon();

        Assert.Equal(Company, ReadBuyer(shop, JournalExport.Read(shop.JournalPath).Last()));
    }

    [Fact]
    public async Task A_buyer_at_fault_holds_the_sale_and_the_chain_does_not_say_what_was_stated()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        Buyer wrong = Company with { TaxCode = "0312270160X", Name = Company.Name + new string('x', 400) };

        SaleHeldException held = await Assert.ThrowsAsync<SaleHeldException>(
            () => gateway.IssueAsync(TestShop.Sale(1) with { Buyer = wrong }).Soon());

        Assert.Contains("VN-BUYER-1 at Buyer.Name: expected at most 400 characters, found another text", held.Reason, StringComparison.Ordinal);
        Assert.Contains("VN-BUYER-2 at Buyer.TaxCode", held.Reason, StringComparison.Ordinal);
        SignedEntry hole = Assert.Single(JournalExport.Read(shop.JournalPath), entry => entry.Kind == EntryKind.Hole);
        AssertNotIn(hole);
        IReadOnlyList<StoredAttachment> attachments = Attachments(shop, hole);
        Assert.Equal(wrong, BuyerContents.Read(attachments[1].Content.Span));
        Assert.Equal([AttachmentContentKind.Record, AttachmentContentKind.Buyer], References(hole).Select(reference => reference.Kind));
        Assert.All(References(hole).Zip(attachments), pair => Assert.True(pair.First.Matches(pair.Second.Salt.Span, pair.Second.Content.Span)));
    }

    [Fact]
    public async Task A_buyer_of_whom_nothing_is_stated_is_none()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        IssuedInvoice issued = await gateway.IssueAsync(TestShop.Sale(1) with { Buyer = new() }).Soon();

        Assert.Empty(Attachments(shop, issued.Entry));
        Assert.Empty(References(issued.Entry));
    }

    [Fact]
    public async Task The_same_sale_with_another_buyer_is_the_same_sale()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        IssuedInvoice first = await gateway.IssueAsync(TestShop.Sale(1) with { Buyer = Company }).Soon();
        IssuedInvoice again = await gateway.IssueAsync(TestShop.Sale(1)).Soon();

        Assert.Equal(first.Entry.Hash, again.Entry.Hash);
        Assert.Equal(Company, ReadBuyer(shop, first.Entry));
    }

    [Fact]
    public async Task More_buyer_data_than_any_buyer_has_is_refused()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        await Assert.ThrowsAsync<ArgumentException>(
            () => gateway.IssueAsync(TestShop.Sale(1) with { Buyer = new() { Name = new('x', 65_536) } }).Soon());
    }

    [Fact]
    public async Task Two_entries_of_one_buyer_have_different_commitments()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        IssuedInvoice one = await gateway.IssueAsync(TestShop.Sale(1) with { Buyer = Company }).Soon();
        IssuedInvoice two = await gateway.IssueAsync(TestShop.Sale(2) with { Buyer = Company }).Soon();

        Assert.NotEqual(References(one.Entry).Single().Commitment, References(two.Entry).Single().Commitment);
    }

    internal static Buyer ReadBuyer(TestShop shop, SignedEntry entry)
    {
        StoredAttachment attachment = Assert.Single(Attachments(shop, entry));
        AttachmentReference reference = Assert.Single(References(entry));
        Assert.Equal(AttachmentContentKind.Buyer, reference.Kind);
        Assert.True(reference.Matches(attachment.Salt.Span, attachment.Content.Span), "the entry commits to other bytes");
        return BuyerContents.Read(attachment.Content.Span);
    }

    internal static IReadOnlyList<StoredAttachment> Attachments(TestShop shop, SignedEntry entry)
    {
        using var reader = JournalReader.Open(shop.JournalPath);
        return reader.ReadAttachments(entry.Position);
    }

    private static IReadOnlyList<AttachmentReference> References(SignedEntry entry)
    {
        Assert.Null(EntryFields.Read(entry.Body.Span, out EntryFields fields));
        return AttachmentReferences.Read(entry.Kind, fields.Content(entry.Body.Span));
    }

    private static void AssertNotIn(SignedEntry entry)
    {
        Assert.Equal(-1, entry.Body.Span.IndexOf("0312270160"u8));
        Assert.Equal(-1, entry.Body.Span.IndexOf(Encoding.UTF8.GetBytes("Sông Hồng")));
        Assert.Equal(-1, entry.Body.Span.IndexOf(Sha256Hash.Of(BuyerContents.From(Company)).ToArray()));
    }
}

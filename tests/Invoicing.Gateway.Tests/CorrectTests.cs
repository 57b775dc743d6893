using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Tests.Recording;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests;

/// <summary>Corrections on a person's order, on a real journal.</summary>
public sealed class CorrectTests
{
    private static readonly AuthorityCode First = AuthorityCode.Parse("M1-26-A1B2C-00000000000");

    [Fact]
    public async Task A_replacement_is_a_whole_new_invoice_that_names_the_old_one()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        IssuedInvoice wrong = await gateway.IssueAsync(TestShop.Sale(1)).Soon();

        IssuedCorrection right = await gateway.CorrectAsync(Replace(First) with { Sale = TestShop.Sale(1, cake: 30_000) }).Soon();

        Assert.Equal((CorrectionType.Replacement, wrong.Entry.Hash), (right.Correction.Type, right.Correction.Corrected.EntryHash!.Value));
        Assert.Equal(("M1-26-A1B2C-00000000001", 2, 88_000L),
            (right.Correction.Invoice!.Code.ToString(), right.Correction.Invoice.Number, right.Correction.Invoice.Total.Dong));
        Assert.Equal("MCCQT=M1-26-A1B2C-00000000001;MST=0107001729;TT=88000", right.Lookup);
        Assert.Equal(EntryKind.Correction, right.Entry.Kind);
        Correction stored = Assert.Single(ReturnTests.Corrections(shop));
        Assert.Equal(("C26MAA", 1, "Sai đơn giá"), (stored.Corrected.Series.ToString(), stored.Corrected.Number, stored.Reason));
    }

    [Fact]
    public async Task A_replacement_for_a_company_keeps_the_goods_and_takes_its_data_as_an_attachment()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        Buyer buyer = new() { Name = "Công ty TNHH Hoa Sen", TaxCode = "0312270160", Address = "2 Hàng Bài, Hà Nội" };

        IssuedCorrection right = await gateway.CorrectAsync(Replace(First) with { Buyer = buyer }).Soon();

        Assert.Equal(93_000, right.Correction.Invoice!.Total.Dong);
        AttachmentReference reference = Assert.Single(References(right.Entry));
        using var reader = JournalReader.Open(shop.JournalPath);
        StoredAttachment stored = Assert.Single(reader.ReadAttachments(right.Entry.Position));
        Assert.Equal(AttachmentContentKind.Buyer, reference.Kind);
        Assert.True(reference.Matches(stored.Salt.Span, stored.Content.Span));
        Assert.Equal(buyer, BuyerContents.Read(stored.Content.Span));
        Assert.DoesNotContain("0312270160", System.Text.Encoding.UTF8.GetString(right.Entry.Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_replaced_is_not_corrected_again_but_its_replacement_is()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        IssuedCorrection second = await gateway.CorrectAsync(Replace(First)).Soon();

        CorrectionRefusedException fault = await Assert.ThrowsAsync<CorrectionRefusedException>(() => gateway.CorrectAsync(Replace(First)).Soon());
        IssuedCorrection third = await gateway.CorrectAsync(Replace(second.Correction.Invoice!.Code)).Soon();

        Assert.Equal(
            "VN-CORRECT-4 at Corrected: expected the invoice in force, M1-26-A1B2C-00000000001, found M1-26-A1B2C-00000000000, which was replaced",
            Assert.Single(fault.Faults).ToString());
        Assert.Equal(second.Correction.Invoice.Code, third.Correction.Corrected.Code);
        Assert.Equal(second.Entry.Hash, third.Correction.Corrected.EntryHash);
    }

    [Fact]
    public async Task An_invoice_with_goods_taken_back_is_not_replaced_any_more()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        await gateway.CorrectAsync(TakeBack(First)).Soon();

        CorrectionRefusedException fault = await Assert.ThrowsAsync<CorrectionRefusedException>(() => gateway.CorrectAsync(Replace(First)).Soon());

        Assert.Equal("VN-CORRECT-3", Assert.Single(fault.Faults).RuleId);
    }

    [Fact]
    public async Task An_adjustment_that_charges_more_is_refused_because_a_wrong_invoice_is_replaced()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        Sale more = TestShop.Sale(1) with
        {
            Lines = [TestShop.Sale(1).Lines[0] with { Quantity = -1, UnitPrice = 29_000, Amount = new(-29_000) }],
            Payments = [],
            Total = new(-29_000),
        };

        CorrectionRefusedException fault = await Assert.ThrowsAsync<CorrectionRefusedException>(
            () => gateway.CorrectAsync(TakeBack(First) with { Sale = more }).Soon());

        Assert.Equal("VN-CORRECT-2", Assert.Single(fault.Faults).RuleId);
        Assert.Empty(ReturnTests.Corrections(shop));
    }

    [Fact]
    public async Task A_notice_names_the_right_buyer_and_issues_nothing()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        CorrectionRequest notice = new()
        {
            Type = CorrectionType.BuyerNotice,
            Corrected = First,
            Reason = "Sai tên người mua",
            Buyer = new() { Name = "Công ty TNHH Hoa Sen" },
        };

        IssuedCorrection noted = await gateway.CorrectAsync(notice).Soon();
        IssuedInvoice next = await gateway.IssueAsync(TestShop.Sale(2)).Soon();

        Assert.Null(noted.Correction.Invoice);
        Assert.Equal(string.Empty, noted.Lookup);
        Assert.Equal(AttachmentContentKind.Buyer, Assert.Single(References(noted.Entry)).Kind);
        Assert.Equal(2, next.Invoice.Number);
    }

    [Fact]
    public async Task A_notice_that_changes_the_tax_code_is_refused_because_that_needs_a_replacement()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        IssuedCorrection named = await gateway.CorrectAsync(Replace(First) with { Buyer = new() { Name = "A", TaxCode = "0312270160" } }).Soon();

        CorrectionRefusedException fault = await Assert.ThrowsAsync<CorrectionRefusedException>(() => gateway.CorrectAsync(new()
        {
            Type = CorrectionType.BuyerNotice,
            Corrected = named.Correction.Invoice!.Code,
            Reason = "Sai mã số thuế",
            Buyer = new() { Name = "A", TaxCode = "0107001729" },
        }).Soon());

        Assert.Equal("VN-CORRECT-7", Assert.Single(fault.Faults).RuleId);
    }

    [Fact]
    public async Task An_invoice_of_another_device_is_corrected_as_its_customers_copy_names_it()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        var other = AuthorityCode.Parse("M1-26-ZZZZZ-00000000777");
        CorrectionRequest request = Replace(other) with { Sale = TestShop.Sale(1) };

        CorrectionRefusedException fault = await Assert.ThrowsAsync<CorrectionRefusedException>(() => gateway.CorrectAsync(request).Soon());
        IssuedCorrection right = await gateway.CorrectAsync(
            request with { Known = new(other, InvoiceSeries.Parse("C26MZZ"), 777, new DateOnly(2026, 7, 1)) }).Soon();

        Assert.Equal("GW-CORRECT-1", Assert.Single(fault.Faults).RuleId);
        Assert.Null(right.Correction.Corrected.EntryHash);
        Assert.Equal(777, right.Correction.Corrected.Number);
    }

    [Fact]
    public async Task Any_of_many_invoices_is_found_by_its_code_and_corrections_are_found_again_after_a_restart()
    {
        using TestShop shop = new();
        var codes = new List<AuthorityCode>();
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            for (ulong sequence = 1; sequence <= 40; sequence++)
            {
                codes.Add((await gateway.IssueAsync(TestShop.Sale(sequence)).Soon()).Invoice.Code);
            }

            await gateway.CorrectAsync(Replace(codes[7])).Soon();
        }

        await using InvoicingGateway again = await shop.OpenAsync();
        foreach (AuthorityCode code in codes.Where(code => code != codes[7]))
        {
            Assert.Equal(code, (await again.CorrectAsync(TakeBack(code)).Soon()).Correction.Corrected.Code);
        }

        await Assert.ThrowsAsync<CorrectionRefusedException>(() => again.CorrectAsync(Replace(codes[7])).Soon());
        await Assert.ThrowsAsync<CorrectionRefusedException>(() => again.CorrectAsync(TakeBack(codes[0])).Soon());
    }

    private static CorrectionRequest Replace(AuthorityCode code) =>
        new() { Type = CorrectionType.Replacement, Corrected = code, Reason = "Sai đơn giá" };

    private static CorrectionRequest TakeBack(AuthorityCode code) =>
        new() { Type = CorrectionType.Adjustment, Corrected = code, Reason = "Người mua trả hàng" };

    private static IReadOnlyList<AttachmentReference> References(SignedEntry entry)
    {
        Assert.Null(EntryFields.Read(entry.Body.Span, out EntryFields fields));
        return AttachmentReferences.Read(entry.Kind, fields.Content(entry.Body.Span));
    }
}

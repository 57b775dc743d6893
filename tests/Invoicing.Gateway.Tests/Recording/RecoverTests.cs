using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Sales;
using Invoicing.Testing;
using static Invoicing.Gateway.Tests.Recording.RecordCalls;

namespace Invoicing.Gateway.Tests.Recording;

/// <summary>Records of a lost device, which come again with the code and number that were printed.</summary>
public sealed class RecoverTests
{
    private static readonly PrintedInvoice Printed = new("M1-26-ZZZZZ-00000000777", "C26MZZ", 777);

    [Fact]
    public async Task A_recovered_sale_keeps_the_code_and_number_that_its_customer_holds()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        RecordOutcome.Issued recovered = Assert.IsType<RecordOutcome.Issued>(await Record(gateway, TestShop.Record(1, recovered: Printed)));
        RecordOutcome.Issued next = Assert.IsType<RecordOutcome.Issued>(await Record(gateway, TestShop.Record(2)));
        RecordOutcome.Issued later = Assert.IsType<RecordOutcome.Issued>(
            await Record(gateway, TestShop.Record(3) with { IsRecovered = true }));

        Assert.Equal(Printed, recovered.Invoice);
        Assert.Equal(new PrintedInvoice("M1-26-A1B2C-00000000000", "C26MAA", 1), next.Invoice);
        Assert.Equal(2, later.Invoice.Number);
        SignedEntry entry = Assert.Single(JournalExport.Read(shop.JournalPath), e => e.Kind == EntryKind.Invoice && Fields(e).Record!.Value.IsRecovered);
        Assert.Equal(Printed.Code, Fields(entry).Code.ToString());
        Assert.True((await JournalAudit.RunAsync(shop.JournalPath).Soon()).IsSound);
    }

    [Theory]
    [InlineData("M1-26-A1B2C-00000000005", "C26MZZ", 778, "of this device's range")]
    [InlineData("M1-26-ZZZZZ-00000000778", "C26MAA", 5, "of this device's range")]
    [InlineData("M1-26-ZZZZZ-00000000777", "C26MZZ", 778, "which another record brought")]
    [InlineData("M1-26-ZZZZZ-00000000778", "C26MZZ", 777, "which another record brought")]
    [InlineData("not a code", "C26MZZ", 778, "VN-CODE-1")]
    public async Task A_recovered_code_or_number_that_cannot_be_its_own_is_a_hole(string code, string series, int number, string reason)
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await Record(gateway, TestShop.Record(1, recovered: Printed));

        RecordOutcome.Held held = Assert.IsType<RecordOutcome.Held>(
            await Record(gateway, TestShop.Record(2, recovered: new(code, series, number))));

        Assert.Contains(reason, held.Reason, StringComparison.Ordinal);
    }

    private static ContentFields Fields(SignedEntry entry)
    {
        Assert.Null(EntryFields.Read(entry.Body.Span, out EntryFields fields));
        Assert.Null(ContentFields.Read(fields.Kind, fields.Content(entry.Body.Span), out ContentFields content));
        return content;
    }
}

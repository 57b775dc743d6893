using Invoicing.Invoices;
using Invoicing.Tests.Sales;

namespace Invoicing.Tests.Invoices;

public sealed class InvoiceDraftTests
{
    private static readonly InvoiceIdentity Identity =
        new(AuthorityCode.Parse("M1-26-A1B2C-00000000017"), InvoiceSeries.Parse("C26MAA"), 17);

    private static readonly InvoiceDraft Draft = new()
    {
        Sale = SomeSales.Coffee(),
        SellerTaxCode = TaxCode.Parse("0107001729"),
        Kind = InvoiceKind.Vat,
        IssuedOn = new(2026, 12, 31),
        DateSource = DateSource.Device,
        Taxes = new([]),
    };

    [Fact]
    public void A_number_is_all_that_a_draft_needs()
    {
        Invoice invoice = Draft.Number(Identity);

        Assert.Same(Draft.Sale, invoice.Sale);
        Assert.Same(Draft.Taxes, invoice.Taxes);
        Assert.Equal(Identity, invoice.Identity);
        Assert.Equal((Draft.SellerTaxCode, Draft.Kind, Draft.IssuedOn), (invoice.SellerTaxCode, invoice.Kind, invoice.IssuedOn));
        Assert.Equal((DateSource.Device, false), (invoice.DateSource, invoice.IsRecovered));
        Assert.Equal(new("M1-26-A1B2C-00000000017", "C26MAA", 17), invoice.Printed);
    }

    [Theory]
    [InlineData("M2-26-A1B2C-00000000017", "C26MAA")]
    [InlineData("M1-27-A1B2C-00000000017", "C26MAA")]
    [InlineData("M1-26-A1B2C-00000000017", "C27MAA")]
    public void An_identity_of_another_kind_or_year_is_refused(string code, string series) => Assert.Throws<ArgumentException>(
        () => Draft.Number(new(AuthorityCode.Parse(code), InvoiceSeries.Parse(series), 17)));

    [Fact]
    public void A_recovered_draft_takes_what_its_customer_holds_and_nothing_else()
    {
        InvoiceDraft recovered = Draft with { IssuedOn = new(2027, 1, 1), Recovered = Identity };

        Assert.True(recovered.Number(Identity).IsRecovered);
        Assert.Equal(Identity, recovered.Number(Identity).Identity);
        Assert.Throws<ArgumentException>(() => recovered.Number(Identity with { Number = 18 }));
    }
}

using System.Globalization;
using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.Tests.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Tests.Vietnam;

public sealed class CultureTests
{
    /// <summary>Texts of the domain are signed, printed and compared: an embedder's culture must not show in them.</summary>
    [Fact]
    public void No_text_depends_on_the_culture_of_the_host()
    {
        string[] invariant = Texts();
        var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        foreign.NumberFormat.NumberDecimalSeparator = ",";
        foreign.NumberFormat.NegativeSign = "−";
        foreign.DateTimeFormat.ShortDatePattern = "dd/MM/yyyy";
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = foreign;
            Assert.Equal("-1,5", $"{-1.5m}".Replace('−', '-')); // the culture is in force

            Assert.Equal(invariant, Texts());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string[] Texts()
    {
        Invoice invoice = new()
        {
            Sale = SomeSales.Coffee() with
            {
                Lines = [SomeSales.Line("Sai", -1.5m, 0.25m, TaxRate.Ten, -3, -7)],
                Total = new(-5),
                Payments = [new((Invoicing.Sales.PaymentMeans)(-2), new(-9))],
            },
            SellerTaxCode = TaxCode.Parse("0107001729"),
            Kind = InvoiceKind.Vat,
            Code = AuthorityCode.Parse("M1-26-A1B2C-00001234567"),
            Series = InvoiceSeries.Parse("C26MAA"),
            Number = -4,
            IssuedOn = new(2027, 1, 2),
            DateSource = DateSource.Device,
            Taxes = new([new(TaxRate.Other(526), new(-1_000), new(-53))]),
        };
        return
        [
            .. InvoiceRules.Judge(invoice).Select(fault => fault.ToString()),
            LookupText.Of(invoice),
            invoice.Taxes.ToString(),
            invoice.Code.ToString(),
            new Money(-1).ToString(),
            new CodeRange("A1B2C", 1, 2_000_000).ToString(),
            new NumberRange(invoice.Series, 1, 2_000_000).ToString(),
            invoice.Sale.Key.ToString(),
        ];
    }
}

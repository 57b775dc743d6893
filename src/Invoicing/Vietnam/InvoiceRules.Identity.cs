using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Vietnam;

/// <content>Code, series, number and seller.</content>
public static partial class InvoiceRules
{
    private const string CodedSeries = "a series with an authority code, such as C26MAA";
    private const int MaxSellerText = 400; // Ten and DChi of NBan
    private const int MaxPlaceCode = 50;   // ours: the law's formats for MDDKDoanh disagree

    /// <summary>Reads what a register kept of a former gateway's answer.</summary>
    internal static InvoiceIdentity? JudgeIdentity(PrintedInvoice printed, ref FaultList faults)
    {
        bool isCode = AuthorityCode.TryParse(printed.Code, out AuthorityCode code);
        if (!isCode)
        {
            faults.Add(RuleIds.Code, "Recovered.Code", "a code such as M1-26-A1B2C-00001234567", RuleText.Show(printed.Code));
        }

        bool isSeries = InvoiceSeries.TryParse(printed.Series, out InvoiceSeries series) && series.IsCoded;
        if (!isSeries)
        {
            faults.Add(RuleIds.Series, "Recovered.Series", CodedSeries, RuleText.Show(printed.Series));
        }

        bool isNumber = JudgeNumber(printed.Number, "Recovered.Number", ref faults);
        return isCode && isSeries && isNumber ? new InvoiceIdentity(code, series, printed.Number) : null;
    }

    internal static void JudgeSeller(Seller seller, ref FaultList faults)
    {
        if (seller.TaxCode == default)
        {
            faults.Add(RuleIds.Seller, "Seller.TaxCode", "a tax code", "none");
        }

        JudgeText(seller.Name, 1, MaxSellerText, RuleIds.Seller, "Seller.Name", ref faults);
        JudgeText(seller.Address, 1, MaxSellerText, RuleIds.Seller, "Seller.Address", ref faults);
        JudgeText(seller.PlaceName, 0, MaxSellerText, RuleIds.Seller, "Seller.PlaceName", ref faults);
        JudgeText(seller.PlaceAddress, 0, MaxSellerText, RuleIds.Seller, "Seller.PlaceAddress", ref faults);
        JudgeText(seller.PlaceCode, 0, MaxPlaceCode, RuleIds.Seller, "Seller.PlaceCode", ref faults);
    }

    private static void JudgeParts(Invoice invoice, ref FaultList faults)
    {
        _ = JudgeNumber(invoice.Number, nameof(invoice.Number), ref faults);
        if (invoice.Code.Kind != invoice.Kind)
        {
            faults.Add(RuleIds.CodeParts, nameof(invoice.Code), $"kind {(int)invoice.Kind}", $"'{invoice.Code}'");
        }

        if (!invoice.Series.IsCoded)
        {
            faults.Add(RuleIds.Series, nameof(invoice.Series), CodedSeries, $"'{invoice.Series}'");
        }
        else if (invoice.Series.Year != invoice.Code.Year)
        {
            string expected = $"a series of year {invoice.Code.Year:00}, as the code";
            faults.Add(RuleIds.CodeParts, nameof(invoice.Series), expected, $"'{invoice.Series}'");
        }

        // A recovered invoice keeps the year that its customer holds, even if the date of the sale is not known any more.
        int year = invoice.IssuedOn.Year % 100;
        if (!invoice.IsRecovered && invoice.Code.Year != year)
        {
            faults.Add(RuleIds.CodeParts, nameof(invoice.Code), $"year {year:00}, that of {invoice.IssuedOn:O}", $"'{invoice.Code}'");
        }

        if (invoice.SellerTaxCode == default)
        {
            faults.Add(RuleIds.Seller, nameof(invoice.SellerTaxCode), "a tax code", "none");
        }
    }

    private static bool JudgeNumber(int number, string path, ref FaultList faults)
    {
        if (number is >= 1 and <= NumberRange.MaxNumber)
        {
            return true;
        }

        faults.Add(RuleIds.Number, path, $"1 to {NumberRange.MaxNumber}", RuleText.Show(number));
        return false;
    }
}

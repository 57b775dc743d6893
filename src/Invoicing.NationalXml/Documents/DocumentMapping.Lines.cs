using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.NationalXml.Documents;

/// <content>Lines: amounts and prices without tax, discounts positive.</content>
internal sealed partial class DocumentMapping
{
    private const int Whole = 10_000; // hundredths of a percent in 100 %

    private void MapLines(LineNets nets)
    {
        for (int i = 0; i < _invoice.Sale.Lines.Length; i++)
        {
            MapLine(_invoice.Sale.Lines[i], nets.Lines[i]);
        }

        foreach (RateSum discount in nets.Discounts)
        {
            LineDocument line = Next(LineNature.TradeDiscount);
            line.Fields.Add("THHDVu", "Chiết khấu thương mại");
            line.Fields.Add("ThTien", LawText.Of(discount.Net));
            line.Fields.Add("TSuat", HasVat ? discount.Rate.ToString() : null);
        }
    }

    private LineDocument Next(LineNature nature)
    {
        LineDocument line = new();
        _document.LineList.Add(line);
        line.Fields.Add("TChat", LawText.Of((int)nature));
        line.Fields.Add("STT", LawText.Of(_document.LineList.Count));
        return line;
    }

    private void MapLine(SaleLine sold, Money net)
    {
        LineDocument line = Next(sold.Nature);
        Fields fields = line.Fields;
        fields.Add("MHHDVu", sold.Code);
        fields.Add("THHDVu", sold.Name);
        fields.Add("DVTinh", sold.Unit);
        switch (sold.Nature)
        {
            case LineNature.Note:
                return;
            case LineNature.Promotion:
                fields.Add("SLuong", sold.Quantity == 0 ? null : LawText.Of(sold.Quantity));
                fields.Add("DGia", sold.UnitPrice == 0 ? null : LawText.Of(WithoutTax(sold.UnitPrice, sold.Rate)));
                fields.Add("ThTien", LawText.Of(net));
                return;
            case LineNature.TradeDiscount:
                // Taken off by our sign, and by the law's nature: there the amount is positive and subtracted in the totals.
                fields.Add("ThTien", LawText.Of(-net));
                break;
            default:
                fields.Add("SLuong", LawText.Of(sold.Quantity));
                fields.Add("DGia", LawText.Of(WithoutTax(sold.UnitPrice, sold.Rate)));
                // Quantity × price − discount = amount also where the line takes back another: its discount is negative then.
                var discount = Money.Round(WithoutTax(decimal.IsNegative(sold.Quantity) ? -sold.Discount.Dong : sold.Discount.Dong, sold.Rate));
                fields.Add("STCKhau", discount == Money.Zero ? null : LawText.Of(discount));
                fields.Add("ThTien", LawText.Of(net));
                MapSpecial(sold.Special, line);
                break;
        }

        fields.Add("TSuat", HasVat ? sold.JudgedRate.ToString() : null);
    }

    /// <summary>A price without the tax that it contains, to six decimals.</summary>
    private decimal WithoutTax(decimal price, TaxRate? rate) => _invoice.Sale.PricesIncludeTax && rate is { Hundredths: > 0 } contained
        ? decimal.Round(price * Whole / (Whole + contained.Hundredths), 6, MidpointRounding.AwayFromZero)
        : price;

    private static void MapSpecial(SpecialGoods? special, LineDocument line)
    {
        if (special is null)
        {
            return;
        }

        line.Special.Add("LHHDTrung", LawText.Of((int)special.Type));
        string? tag = special.Type switch { SpecialGoodsType.Vehicle => "SKhung", SpecialGoodsType.Transport => "BKSPTVChuyen", _ => null };
        if (tag is not null)
        {
            line.Special.Add(tag, special.Identity);
            line.Special.Add("SMay", special.Engine);
        }
        else
        {
            line.Fields.Add(SpecialIdentity, special.Identity);
        }
    }
}

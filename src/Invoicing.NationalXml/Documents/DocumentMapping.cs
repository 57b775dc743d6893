using System.Collections.Immutable;
using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.NationalXml.Profiles;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.NationalXml.Documents;

/// <summary>Says in the law's words what an invoice says in ours. Pure; judges only what the words need, lengths are the writer's.</summary>
internal sealed partial class DocumentMapping(NationalInvoice source, NationalProfile profile, Seller seller, string solutionProvider)
{
    /// <summary>TTruong of the time of issue: the format has an element for the date only, and the law asks for the time too.</summary>
    public const string IssueTime = "TGLap";

    /// <summary>TTruong of what freight and land are known by: elements of their own are not known.</summary>
    public const string SpecialIdentity = "DDHHDTrung";

    private readonly Invoice _invoice = source.Invoice;
    private readonly InvoiceDocument _document = new();
    private readonly ImmutableArray<RuleFault>.Builder _faults = ImmutableArray.CreateBuilder<RuleFault>();

    private bool HasVat => _invoice.Kind == InvoiceKind.Vat;

    /// <summary>Maps an invoice.</summary>
    /// <param name="source">The invoice.</param>
    /// <param name="profile">The format.</param>
    /// <param name="seller">Whose messages these are.</param>
    /// <param name="solutionProvider">Tax code of who made the software (MSTTCGP); empty to leave it out.</param>
    /// <param name="document">What was mapped; only if there is no fault.</param>
    /// <exception cref="ArgumentException">The correction is a notice, which has no invoice.</exception>
    public static ImmutableArray<RuleFault> Map(
        NationalInvoice source, NationalProfile profile, Seller seller, string solutionProvider, out InvoiceDocument document)
    {
        if (source.Correction?.Type == CorrectionType.BuyerNotice)
        {
            throw new ArgumentException("expected an invoice, a replacement or an adjustment, found a notice, which has no invoice", nameof(source));
        }

        DocumentMapping mapping = new(source, profile, seller, solutionProvider);
        document = mapping._document;
        mapping.Judge();
        if (mapping._faults.Count == 0)
        {
            mapping.MapAll();
        }

        return mapping._faults.ToImmutable();
    }

    private void Judge()
    {
        if (_invoice.Kind is not (InvoiceKind.Vat or InvoiceKind.Sales))
        {
            Fault(NationalRuleIds.Kind, "TTChung/KHMSHDon", "1 (VAT) or 2 (sales)", LawText.Of((int)_invoice.Kind));
        }

        if (_invoice.SellerTaxCode != seller.TaxCode)
        {
            Fault(NationalRuleIds.Seller, "NBan/MST", seller.TaxCode.ToString(), _invoice.SellerTaxCode.ToString());
        }

        if (_invoice.Taxes.Total != _invoice.Total)
        {
            Fault(NationalRuleIds.Total, "TToan/TgTTTBSo", _invoice.Taxes.Total.ToString(), _invoice.Total.ToString());
        }

        for (int i = 0; i < _invoice.Sale.Lines.Length; i++)
        {
            string nature = LawText.Of((int)_invoice.Sale.Lines[i].Nature);
            if (!profile.Natures.Contains(nature, StringComparison.Ordinal))
            {
                Fault(NationalRuleIds.Nature, $"HHDVu[{i + 1}]/TChat", $"one of {profile.Natures} in format {profile}", nature);
            }
        }
    }

    private void MapAll()
    {
        // The code is unique in a message and all its characters may stand in an Id.
        _document.Id = $"hd-{_invoice.Code}";
        _document.Code = _invoice.Code.ToString();
        _document.QrCode = source.QrCode ?? string.Empty;
        MapGeneral();
        MapSeller();
        MapBuyer();
        var nets = LineNets.Of(_invoice);
        MapLines(nets);
        MapTotals(nets);
    }

    private void MapGeneral()
    {
        Fields general = _document.General;
        general.Add("PBan", profile.Version);
        general.Add("THDon", HasVat ? "Hóa đơn giá trị gia tăng khởi tạo từ máy tính tiền" : "Hóa đơn bán hàng khởi tạo từ máy tính tiền");
        general.Add("KHMSHDon", LawText.Of((int)_invoice.Kind));
        general.Add("KHHDon", _invoice.Series.ToString());
        general.Add("SHDon", LawText.Of(_invoice.Number));
        general.Add("NLap", LawText.Of(_invoice.IssuedOn));
        general.Add("DVTTe", "VND");
        general.Add("HTTToan", LawText.Means(_invoice.Sale.Payments));
        general.Add("MSTTCGP", solutionProvider);
        DateTimeOffset issuedAt = _invoice.DateSource == DateSource.Register ? _invoice.Sale.ClosedAt ?? source.RecordedAt : source.RecordedAt;
        general.Add(IssueTime, LawText.Of(issuedAt));
        if (source.Correction is { } correction)
        {
            MapRelated(correction);
        }
    }

    private void MapRelated(Correction correction)
    {
        const string ElectronicInvoice = "1"; // LHDCLQuan: an electronic invoice under Decree 123 and those after it
        CorrectedInvoice old = correction.Corrected;
        Fields related = _document.Related;
        related.Add("TCHDon", LawText.Of((int)correction.Type));
        related.Add("LHDCLQuan", ElectronicInvoice);
        related.Add("KHMSHDCLQuan", LawText.Of((int)old.Kind));
        related.Add("KHHDCLQuan", old.Series.ToString());
        related.Add("SHDCLQuan", LawText.Of(old.Number));
        related.Add("NLHDCLQuan", LawText.Of(old.IssuedOn));
        related.Add("GChu", CorrectionText.Of(correction.Type, correction.Corrected));
        if (profile.Related.Holds("MSTCLQuan"))
        {
            related.Add("MSTCLQuan", _invoice.SellerTaxCode.ToString());
        }

        (profile.Related.Holds("LDDCTThe") ? related : _document.General).Add("LDDCTThe", correction.Reason);
    }

    private void MapSeller()
    {
        Fields fields = _document.Seller;
        fields.Add("Ten", seller.Name);
        fields.Add("MST", seller.TaxCode.ToString());
        fields.Add("DChi", seller.Address);
        bool isStore = profile.Seller.Holds("MCHang") && !profile.Seller.Holds("MDDKDoanh");
        fields.Add(isStore ? "MCHang" : "MDDKDoanh", seller.PlaceCode);
        fields.Add(isStore ? "TCHang" : "TDDKDoanh", seller.PlaceName);
        fields.Add("DCDDKDoanh", seller.PlaceAddress);
    }

    private void MapBuyer()
    {
        Fields fields = _document.Buyer;
        if (source.Buyer is { } buyer)
        {
            fields.Add("Ten", buyer.Name);
            fields.Add("MST", buyer.TaxCode);
            fields.Add("MDVQHNSach", buyer.BudgetCode);
            fields.Add("DChi", buyer.Address);
            fields.Add("MKHang", buyer.CustomerCode);
            fields.Add("SDThoai", buyer.Phone);
            fields.Add("CCCDan", buyer.PersonalId);
            fields.Add("SHChieu", buyer.Passport);
            fields.Add("DCTDTu", buyer.Email);
            fields.Add("HVTNMHang", buyer.Person);
        }

        if (fields.Count == 0 && _invoice.IssuedOn >= profile.ConsumerFrom)
        {
            fields.Add(profile.ConsumerTag, profile.ConsumerText);
        }
    }

    private void MapTotals(LineNets nets)
    {
        Fields totals = _document.Totals;
        Money discounts = nets.Discounts.Aggregate(Money.Zero, (sum, discount) => sum + discount.Net);
        bool hasDiscount = nets.Discounts.Length > 0;
        for (int i = 0; i < _invoice.Sale.Lines.Length; i++)
        {
            if (_invoice.Sale.Lines[i].Nature == LineNature.TradeDiscount)
            {
                discounts -= nets.Lines[i];
                hasDiscount = true;
            }
        }

        if (HasVat)
        {
            foreach (RateSum sum in _invoice.Taxes.Sums)
            {
                Fields rate = [];
                rate.Add("TSuat", sum.Rate.ToString());
                rate.Add("ThTien", LawText.Of(sum.Net));
                rate.Add("TThue", LawText.Of(sum.Tax));
                _document.RateSumList.Add(rate);
            }

            totals.Add("TgTCThue", LawText.Of(_invoice.Taxes.Net));
            totals.Add("TgTThue", LawText.Of(_invoice.Taxes.Tax));
        }

        totals.Add("TTCKTMai", hasDiscount ? LawText.Of(discounts) : null);
        totals.Add("TgTTTBSo", LawText.Of(_invoice.Total));
        totals.Add("TgTTTBChu", source.AmountInWords);
    }

    private void Fault(string rule, string path, string expected, string found) => _faults.Add(new(rule, path, expected, found));
}

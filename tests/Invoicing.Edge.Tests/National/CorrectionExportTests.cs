using Invoicing.Edge.National;
using Invoicing.Invoices;
using Invoicing.NationalXml.Documents;
using Invoicing.NationalXml.Messages;
using Invoicing.NationalXml.Signatures;
using Invoicing.Sales;
using Invoicing.Testing;

namespace Invoicing.Edge.Tests.National;

/// <summary>Buyers and corrections, from the gateway by way of its journal into the law's file.</summary>
public sealed class CorrectionExportTests : IDisposable
{
    private static readonly Buyer Company = new() { Name = "Công ty TNHH Hoa Sen", TaxCode = "0312270160", Address = "2 Hàng Bài, Hà Nội" };

    private readonly ShopJournal _shop = new();
    private readonly MessageKey _key;
    private readonly ManualTime _time = new(new(2026, 11, 22, 5, 0, 0, TimeSpan.Zero));

    public CorrectionExportTests() => _key = _shop.OpenKey();

    public void Dispose()
    {
        _key.Dispose();
        _key.Certificate.Dispose();
        _shop.Dispose();
    }

    [Fact]
    public async Task A_buyer_a_replacement_and_a_return_stand_in_the_file_as_they_were_recorded()
    {
        await _shop.RecordAsync(1);
        await _shop.RecordAsync(1, first: 2, sale => sale with { Buyer = Company });
        IReadOnlyList<InvoiceDocument> sold = Export();
        await _shop.CorrectAsync(
            new() { Type = CorrectionType.Replacement, Corrected = Code(sold[0]), Reason = "Khách lấy hóa đơn công ty", Buyer = Company },
            new() { Type = CorrectionType.Adjustment, Corrected = Code(sold[1]), Reason = "Khách trả hàng" });

        IReadOnlyList<InvoiceDocument> corrected = Export();

        Assert.Equal(("Bán cho người tiêu dùng", null), (sold[0].Buyer["HVTNMHang"] ?? sold[0].Buyer["Ten"], sold[0].Buyer["MST"]));
        Assert.Equal((Company.Name, Company.TaxCode, Company.Address), (sold[1].Buyer["Ten"], sold[1].Buyer["MST"], sold[1].Buyer["DChi"]));
        Assert.Equal(["1", "2"], corrected.Select(invoice => invoice.Related["TCHDon"]));
        Assert.Equal(["1", "2"], corrected.Select(invoice => invoice.Related["SHDCLQuan"]));
        Assert.Equal(Company.TaxCode, corrected[0].Buyer["MST"]);
        Assert.Equal($"-{sold[1].Totals["TgTTTBSo"]}", corrected[1].Totals["TgTTTBSo"]);
        Assert.StartsWith("Âm ", corrected[1].Totals["TgTTTBChu"], StringComparison.Ordinal);
        Assert.StartsWith("Thay thế cho hóa đơn Mẫu số 1 ký hiệu", corrected[0].Related["GChu"], StringComparison.Ordinal);
    }

    private static AuthorityCode Code(InvoiceDocument invoice) => AuthorityCode.Parse(invoice.Code);

    private IReadOnlyList<InvoiceDocument> Export()
    {
        ExportedMessages made = new NationalExport(_shop.Journal, ShopJournal.Settings, _shop.Out, _key, _time)
            .Run(1, long.MaxValue, again: false, CancellationToken.None);
        byte[] bytes = File.ReadAllBytes(Assert.Single(made.Messages).Path);
        Assert.Null(MessageVerification.Verify(bytes, _key.Certificate));
        return InvoiceMessage.Read(bytes).Invoices;
    }
}

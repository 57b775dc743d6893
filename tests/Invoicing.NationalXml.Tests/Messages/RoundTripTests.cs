using Invoicing.NationalXml.Documents;
using Invoicing.NationalXml.Messages;
using Invoicing.NationalXml.Profiles;
using Invoicing.NationalXml.Signatures;
using Invoicing.Testing;

namespace Invoicing.NationalXml.Tests.Messages;

public sealed class RoundTripTests : IClassFixture<TestSeller>, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestSeller _seller;

    public RoundTripTests(TestSeller seller) => _seller = seller;

    public void Dispose() => _folder.Dispose();

    /// <summary>Any invoice of the rules is in a message that the schema allows, that xmlsec1 finds good, and that reads back the same.</summary>
    [Theory]
    [InlineData("2.0.1")]
    [InlineData("2.1.0")]
    [InlineData("2.1.1")]
    public void What_is_written_is_valid_and_reads_back_equal(string version) => Seeded.Run(5, random =>
    {
        NationalInvoice[] invoices = [.. Enumerable.Range(1, 60).Select(n => TestInvoices.Random(random, n, version))];
        SignedMessage[] messages = TestMessages.Make(_seller.Key, invoices, version, most: 25);
        string[] paths = [.. messages.Select(message => PeerTools.Save(_folder, message))];
        InvoiceDocument[] read = [.. messages.SelectMany(message => InvoiceMessage.Read(message.Bytes).Invoices)];

        (bool isValid, string said) = PeerTools.XmlLint(version, paths);
        Assert.True(isValid, said);
        string trusted = PeerTools.SaveTrusted(_folder, _seller.Root);
        Assert.All(paths, path => Assert.True(PeerTools.XmlSec(path, trusted).IsGood));
        Assert.All(messages, message => Assert.Null(MessageVerification.Verify(message.Bytes, _seller.Certificate)));
        Assert.Equal(invoices.Length, read.Length);
        foreach (NationalInvoice invoice in invoices)
        {
            InvoiceDocument found = read.Single(document => document.Code == invoice.Invoice.Code.ToString());
            Assert.Empty(DocumentMapping.Map(invoice, NationalProfile.Of(version), TestSeller.Seller, TestMessages.Parties.SolutionProvider, out InvoiceDocument expected));
            Assert.True(expected.HasSame(found));
            Agrees(invoice, found);
        }
    });

    /// <summary>By the invoice itself, not by what mapped it: amounts add up, and nothing that was said is lost.</summary>
    private static void Agrees(NationalInvoice source, InvoiceDocument found)
    {
        bool hasVat = source.Invoice.Kind == Invoicing.Invoices.InvoiceKind.Vat;
        Assert.Equal(source.Invoice.Total.Dong, Number(found.Totals["TgTTTBSo"]));
        Assert.Equal(source.AmountInWords, found.Totals["TgTTTBChu"]);
        Assert.Equal(source.QrCode, found.QrCode);
        Assert.Equal(
            source.Invoice.Sale.Lines.Select(line => line.Name),
            found.Lines.Take(source.Invoice.Sale.Lines.Length).Select(line => line.Fields["THHDVu"]));
        Assert.All(found.Lines, line => Assert.Equal(hasVat && line.Fields["TChat"] is not ("2" or "4"), line.Fields["TSuat"] is not null));
        decimal discounts = found.Lines.Where(line => line.Fields["TChat"] == "3").Sum(line => Number(line.Fields["ThTien"]));
        decimal goods = found.Lines.Where(line => line.Fields["TChat"] != "3").Sum(line => Number(line.Fields["ThTien"]));
        Assert.Equal(hasVat ? Number(found.Totals["TgTCThue"]) : Number(found.Totals["TgTTTBSo"]), goods - discounts);
        Assert.Equal(discounts, Number(found.Totals["TTCKTMai"]));
        if (hasVat)
        {
            Assert.Equal(Number(found.Totals["TgTTTBSo"]), Number(found.Totals["TgTCThue"]) + Number(found.Totals["TgTThue"]));
            Assert.All(found.RateSums, sum => Assert.Equal(
                Number(sum["ThTien"]),
                found.Lines.Where(line => line.Fields["TSuat"] == sum["TSuat"]).Sum(line => Number(line.Fields["ThTien"]) * (line.Fields["TChat"] == "3" ? -1 : 1))));
        }

        // Quantity × price without tax − discount is the line's amount, up to rounding of each.
        Assert.All(found.Lines.Where(line => line.Fields["TChat"] is "1" or "5"), line => Assert.InRange(
            (Number(line.Fields["SLuong"]) * Number(line.Fields["DGia"])) - Number(line.Fields["STCKhau"]) - Number(line.Fields["ThTien"]), -3, 3));
        Assert.Equal(source.Correction?.Reason, found.Related["LDDCTThe"] ?? found.General["LDDCTThe"]);
        Assert.Equal(source.Buyer?.Email.Length > 0 ? source.Buyer.Email : null, found.Buyer["DCTDTu"]);
        Assert.Equal(source.Buyer?.Address.Length > 0 ? source.Buyer.Address : null, found.Buyer["DChi"]);
    }

    private static decimal Number(string? text) => text is null ? 0 : decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

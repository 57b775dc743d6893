using System.Text;
using Invoicing.Invoices;
using Invoicing.NationalXml.Messages;
using Invoicing.NationalXml.Profiles;
using Invoicing.NationalXml.Signatures;
using Invoicing.Testing;

namespace Invoicing.NationalXml.Tests.Messages;

public sealed class BuyerNoticesTests(TestSeller seller) : IClassFixture<TestSeller>, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("2.0.1", "303", "<LADHDDT>1</LADHDDT><TCTBao>4</TCTBao><LDo>Sai tên người mua</LDo>")]
    [InlineData("2.1.0", "300", "<LADHDDT>1</LADHDDT><TCTBao>4</TCTBao><LDo>Sai tên người mua</LDo>")]
    [InlineData("2.1.1", "303", "<LADHDDT>1</LADHDDT><LDo>Sai tên người mua</LDo>")]
    public void A_notice_is_valid_signed_and_says_what_was_wrong(string version, string type, string says)
    {
        SignedMessage message = Writer(version).Write(TestInvoices.Correct(CorrectionType.BuyerNotice, "Sai tên người mua"), 9, type);
        string path = PeerTools.Save(_folder, message);
        string xml = Encoding.UTF8.GetString(message.Bytes.Span);

        Assert.Contains($"<MLTDiep>{type}</MLTDiep>", xml, StringComparison.Ordinal);
        Assert.Contains("<MSo>04/SS-HĐĐT</MSo>", xml, StringComparison.Ordinal);
        Assert.Contains("<MCCQT>M1-26-A1B2C-00000000017</MCCQT><KHMSHDon>1</KHMSHDon><KHHDon>C26MAA</KHHDon><SHDon>17</SHDon><Ngay>2026-07-02</Ngay>", xml, StringComparison.Ordinal);
        Assert.Contains(says, xml, StringComparison.Ordinal);
        Assert.Equal(9, Assert.Single(message.Parts).Position);
        (bool isValid, string lint) = PeerTools.XmlLint(version, path);
        Assert.True(isValid, lint);
        (bool isGood, string said) = PeerTools.XmlSec(path, PeerTools.SaveTrusted(_folder, seller.Root));
        Assert.True(isGood, said);
        Assert.Null(MessageVerification.Verify(message.Bytes, seller.Certificate));
        Assert.NotNull(MessageVerification.Verify(Encoding.UTF8.GetBytes(xml.Replace("Sai tên", "Sai tuổi", StringComparison.Ordinal)), seller.Certificate));
    }

    [Fact]
    public void Only_a_notice_is_a_notice() =>
        Assert.Throws<ArgumentException>(() => Writer("2.1.0").Write(TestInvoices.Correct(CorrectionType.Replacement)));

    [Fact]
    public void A_reason_that_is_too_long_is_named_and_not_cut()
    {
        InvoicingException fault = Assert.Throws<InvoicingException>(
            () => Writer("2.1.0").Write(TestInvoices.Correct(CorrectionType.BuyerNotice, new('x', 256))));

        Assert.Contains("invoice C26MAA 17 cannot be written: VNX-LENGTH-1 at DLTBao/DSHDon/HDon/LDo: expected at most 255 characters", fault.Message, StringComparison.Ordinal);
    }

    private BuyerNotices Writer(string version) => new(
        TestSeller.Seller, TestMessages.Parties, new("10100", "Cục Thuế thành phố Hà Nội", "Hà Nội"),
        ProfileSchedule.Always(NationalProfile.Of(version)), seller.Key, new SeededRandomness(1), new ManualTime(new(2026, 7, 3, 2, 0, 0, TimeSpan.Zero)));
}

using System.Text;
using System.Text.RegularExpressions;
using Invoicing.NationalXml.Messages;
using Invoicing.Testing;

namespace Invoicing.NationalXml.Tests.Messages;

/// <summary>The schema refuses what the tables do not allow, and the reader what has no structure.</summary>
public sealed class BrokenFileTests(TestSeller seller) : IClassFixture<TestSeller>, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("2.1.0", "<NLap>2026-07-02</NLap>", "")]
    [InlineData("2.1.0", "<NLap>2026-07-02</NLap>", "<NLap>2026-07-02T10:00:00</NLap>")]
    [InlineData("2.1.0", "<SHDon>1</SHDon>", "<SHDon>123456789</SHDon>")]
    [InlineData("2.1.0", "<KHHDon>C26MAA</KHHDon>", "<KHHDon>C26TAA</KHHDon>")]
    [InlineData("2.1.0", "<TChat>1</TChat>", "<TChat>6</TChat>")]
    [InlineData("2.0.1", "<TChat>1</TChat>", "<TChat>5</TChat>")]
    [InlineData("2.1.0", "<TSuat>8%</TSuat>", "<TSuat>8 %</TSuat>")]
    [InlineData("2.1.0", "<TgTTTBSo>", "<TgTTTBSo>0")]
    [InlineData("2.1.0", "</TgTTTBSo>", ".5</TgTTTBSo>")]
    [InlineData("2.1.0", "<TgTTTBChu>", "<TgTTTBChu>Một trăm</TgTTTBChu><TgTTTBChu>")]
    [InlineData("2.1.0", "<NDHDon>", "<NDHDon><Khac/>")]
    [InlineData("2.1.0", "<MCCQT>M1-26", "<MCCQT>X1-26")]
    [InlineData("2.1.0", "<MLTDiep>206</MLTDiep>", "<MLTDiep>207</MLTDiep>")]
    [InlineData("2.1.0", "<PBan>2.1.0</PBan>", "<PBan>2.1.1</PBan>")]
    [InlineData("2.1.0", "<DVTTe>VND</DVTTe><HTTToan>TM</HTTToan>", "<HTTToan>TM</HTTToan><DVTTe>VND</DVTTe>")]
    [InlineData("2.0.1", "<NLap>2026-07-02</NLap>", "<NLap>2026-07-02</NLap><DVTTe>VND</DVTTe>")]
    [InlineData("2.1.0", "<Reference URI=\"#time-1\">", "<Reference>")]
    [InlineData("2.1.0", "xmlenc#sha256", "xmlenc#sha512")]
    [InlineData("2.1.0", "<Ten>Cửa", "<Ten></Ten><Ten>Cửa")]
    public void Xmllint_refuses_what_the_tables_do_not_allow(string version, string old, string now)
    {
        string xml = Encoding.UTF8.GetString(TestMessages.Make(seller.Key, [TestInvoices.Make(1)], version)[0].Bytes.Span);
        string path = _folder.File("broken.xml");
        Assert.Contains(old, xml, StringComparison.Ordinal);
        File.WriteAllText(path, xml.Replace(old, now, StringComparison.Ordinal));

        Assert.False(PeerTools.XmlLint(version, path).IsValid);
        File.WriteAllText(path, xml);
        Assert.True(PeerTools.XmlLint(version, path).IsValid);
    }

    [Theory]
    [InlineData("<SLuong>1</SLuong><", "<SLuong>2</SLuong><", "message at TDiep/TTChung/SLuong: expected 1, found '2'")]
    [InlineData("<MLTDiep>206", "<MLTDiep>203", "message at TDiep/TTChung/MLTDiep: expected 206, found '203'")]
    [InlineData("<NDHDon>", "<NDHDon2>", "message at line 1: expected XML")]
    [InlineData("<SHDon>1</SHDon>", "<SHDon>1</SHDon><SHDon>2</SHDon>", "TTChung/SHDon: expected one value under a name of its own, found a second 'SHDon'")]
    [InlineData("<SHDon>1</SHDon>", "<SHDon><a/></SHDon>", "TTChung/SHDon: expected a value, found elements")]
    public void The_reader_refuses_what_has_no_structure(string old, string now, string says)
    {
        string xml = Encoding.UTF8.GetString(TestMessages.Make(seller.Key, [TestInvoices.Make(1)])[0].Bytes.Span);
        string broken = new Regex(Regex.Escape(old)).Replace(xml, now, 1);

        MalformedMessageException fault = Assert.Throws<MalformedMessageException>(() => InvoiceMessage.Read(Encoding.UTF8.GetBytes(broken)));

        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
    }
}

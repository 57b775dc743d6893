using System.Text;
using Invoicing.Chain;
using Invoicing.Invoices;
using Invoicing.NationalXml.Responses;

namespace Invoicing.NationalXml.Tests.Responses;

public sealed class ResponseTests
{
    private const string Sent = "V010700172962B2EDC3B09F4BF98DBFC4D599479A29";

    private static readonly InvoiceIdentity[] Invoices =
        [.. Enumerable.Range(1, 5).Select(n => new InvoiceIdentity(new(InvoiceKind.Vat, 26, "A1B2C", n), InvoiceSeries.Parse("C26MAA"), n))];

    [Fact]
    public void A_999_that_took_the_message_says_nothing_of_invoices()
    {
        var read = (NationalResponse.Receipt)Read(Receipt("0", string.Empty));

        Assert.True(read.IsTaken);
        Assert.Equal((Sent, "TCT1"), (read.About, read.Id));
        Assert.Empty(ResponseJudgement.Of(read, Invoices));
    }

    [Fact]
    public void A_999_with_an_error_rejects_all()
    {
        NationalResponse read = Read(Receipt("1", "<DSLDo><LDo><MLoi>8000</MLoi><MTa>Sai định dạng</MTa></LDo><LDo><MLoi>8001</MLoi><MTa>Trùng mã</MTa></LDo></DSLDo>"));

        Assert.All(ResponseJudgement.Of(read, Invoices), answer => Assert.Equal(
            (VerdictOutcomeKind.Rejected, "999/8000", "Sai định dạng; Trùng mã"), (answer.Outcome, answer.Rule, answer.Text)));
    }

    [Fact]
    public void A_204_of_kind_2_accepts_all() => Assert.All(
        ResponseJudgement.Of(Read(Check("2", string.Empty)), Invoices), answer => Assert.Equal(VerdictOutcomeKind.Accepted, answer.Outcome));

    [Fact]
    public void A_204_of_kind_7_rejects_those_that_it_lists_in_words_and_accepts_the_others()
    {
        NationalResponse read = Read(Check("7",
            Reason("1001", "1;C26MAA;2;Sai tổng tiền; xem lại", "Lập hóa đơn thay thế") + Reason("1002", "1;C26MAA;00000004;Sai thuế suất", string.Empty)
            + Reason("1003", "1;C26MAA;4;Thiếu đơn vị", string.Empty)));

        Assert.Equal(
            [
                "1 Accepted   ",
                "2 Rejected 204/7/1001 Sai tổng tiền; xem lại Lập hóa đơn thay thế",
                "3 Accepted   ",
                "4 Rejected 204/7/1002 Sai thuế suất; Thiếu đơn vị ",
                "5 Accepted   ",
            ],
            ResponseJudgement.Of(read, Invoices).Select(a => $"{a.Invoice.Number} {a.Outcome} {a.Rule} {a.Text} {a.Advice}"));
    }

    [Fact]
    public void A_204_of_kind_9_rejects_the_whole_message() => Assert.All(
        ResponseJudgement.Of(Read(Check("9", Reason("2001", "Chữ ký không hợp lệ", "Ký lại")).Replace("LHDMTTien", "KHLKhac", StringComparison.Ordinal)), Invoices),
        answer => Assert.Equal(
            (VerdictOutcomeKind.Rejected, "204/9/2001", "Chữ ký không hợp lệ", "Ký lại"), (answer.Outcome, answer.Rule, answer.Text, answer.Advice)));

    /// <summary>Who is meant by a reason without a name is not known, so nobody beside those that are named is accepted.</summary>
    [Theory]
    [InlineData("Sai tổng tiền")]
    [InlineData("1;C26MAA;99;Không có trong gói")]
    [InlineData("2;C26MAA;1;Mẫu số khác")]
    public void A_reason_that_names_no_invoice_of_the_message_accepts_nobody(string text)
    {
        NationalResponse read = Read(Check("7", Reason("1001", "1;C26MAA;2;Sai", string.Empty) + Reason("1009", text, string.Empty)));

        Assert.Equal(
            [VerdictOutcomeKind.NotJudged, VerdictOutcomeKind.Rejected, VerdictOutcomeKind.NotJudged, VerdictOutcomeKind.NotJudged, VerdictOutcomeKind.NotJudged],
            ResponseJudgement.Of(read, Invoices).Select(answer => answer.Outcome));
    }

    [Theory]
    [InlineData("1;C26MAA;17;Sai tổng tiền", 1, 17, "Sai tổng tiền")]
    [InlineData(" 1 ; C26MAA ; 00000017 ; Sai ; hai lần ", 1, 17, "Sai ; hai lần")]
    [InlineData("1;c26maa;17", 1, 17, "")]
    [InlineData("1C26MAA;17;Sai", 1, 17, "Sai")]
    [InlineData("C26MAA;17;Sai", null, 17, "Sai")]
    [InlineData("01|C26MAA|17|Sai", 1, 17, "Sai")]
    [InlineData("1;C26MAA;17;dòng một\ndòng hai", 1, 17, "dòng một\ndòng hai")]
    public void The_name_of_an_invoice_is_read_in_whatever_way_it_is_written(string text, int? kind, int number, string rest)
    {
        InvoiceName? name = InvoiceName.Parse(text, out string found);

        Assert.Equal(new((InvoiceKind?)kind, InvoiceSeries.Parse("C26MAA"), number), name);
        Assert.Equal(rest, found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Sai tổng tiền")]
    [InlineData("1;C26TAA;17;not a series of a cash register")]
    [InlineData("1;C26MAA;0;Sai")]
    [InlineData("1;C26MAA;123456789;Sai")]
    [InlineData("1;C26MAA;x;Sai")]
    [InlineData("1;C26MAA")]
    public void Other_texts_name_no_invoice_and_are_kept_whole(string text)
    {
        Assert.Null(InvoiceName.Parse(text, out string rest));
        Assert.Equal(text, rest);
    }

    [Fact]
    public void A_301_answers_for_each_invoice_of_a_notice()
    {
        NationalResponse read = Read(Message("301", "<TBao><DLTBao><DSHDon>"
            + "<HDon><KHMSHDon>1</KHMSHDon><KHHDon>C26MAA</KHHDon><SHDon>1</SHDon><TTTNCCQT>1</TTTNCCQT></HDon>"
            + "<HDon><KHMSHDon>1</KHMSHDon><KHHDon>C26MAA</KHHDon><SHDon>2</SHDon><TTTNCCQT>2</TTTNCCQT><DSLDKTNhan><LDo><MLoi>31</MLoi><MTa>Không có</MTa></LDo></DSLDKTNhan></HDon>"
            + "</DSHDon></DLTBao></TBao>"));

        Assert.Equal(
            ["Accepted", "Rejected 301/2/31 Không có", "NotJudged 301 expected an answer for this invoice, found none in the response"],
            ResponseJudgement.Of(read, Invoices[..3]).Select(a => $"{a.Outcome} {a.Rule} {a.Text}".Trim()));
    }

    public static TheoryData<string, string> BadFiles => new()
    {
        { "", "message at byte 0: expected 1 to 4194304 bytes, found 0" },
        { "not xml", "message at line 1: expected XML without a DTD, found other text" },
        { "<TDiep><TTChung>", "expected XML without a DTD" },
        { "<!DOCTYPE TDiep [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><TDiep>&e;</TDiep>", "expected XML without a DTD" },
        { "<!DOCTYPE a [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><TDiep>&b;</TDiep>", "expected XML without a DTD" },
        { string.Concat(Enumerable.Repeat("<TDiep>", 40)) + string.Concat(Enumerable.Repeat("</TDiep>", 40)), "expected at most 32 levels, found a deeper element" },
        { $"<TDiep>{string.Concat(Enumerable.Repeat("<a/>", 400_001))}</TDiep>", "expected at most 400000 elements, found more" },
        { $"<TDiep>{new string('x', 4 * 1024 * 1024)}</TDiep>", "expected 1 to 4194304 bytes, found 4194319" },
        { "<HDon/>", "message at HDon: expected TDiep, found 'HDon'" },
        { "<TDiep/>", "message at TDiep: expected TTChung, found none" },
        { "<TDiep><TTChung/><DLieu/></TDiep>", "message at TDiep/TTChung/MLTDiep: expected a text, found nothing" },
        { Message("202", "<TBao/>"), "message at TDiep/TTChung/MLTDiep: expected 999, 204 or 301, found '202'" },
        { Receipt("5", string.Empty), "message at TDiep/DLieu/TBao/TTTNhan: expected 0 (taken) or 1 (error), found '5'" },
        { Check("5", string.Empty), "message at TDiep/DLieu/TBao/DLTBao/LTBao: expected 2, 7 or 9 for a message 206, found '5'" },
        { Check("7", string.Empty), "expected the invoices that are not in order (LHDMTTien/DSLDo/LDo), found none" },
        { Check("2", string.Empty).Replace($"<MTDTChieu>{Sent}", "<MTDTChieu>V1", StringComparison.Ordinal), "DLTBao/MGDDTu: expected 'V1' as in TTChung/MTDTChieu" },
        { Message("301", "<TBao><DLTBao/></TBao>"), "message at TDiep/DLieu/TBao/DLTBao/TTTNCCQT: expected a text, found nothing" },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void A_bad_file_is_refused_with_what_is_wrong_in_it(string xml, string says) =>
        Assert.Contains(says, Assert.Throws<MalformedMessageException>(() => Read(xml)).Message, StringComparison.Ordinal);

    [Fact]
    public void Namespaces_and_blanks_do_not_matter()
    {
        string xml = Check("2", string.Empty).Replace("<TDiep>", "<TDiep xmlns=\"urn:x\">", StringComparison.Ordinal).Replace("><", ">\n  <", StringComparison.Ordinal);

        Assert.Equal(CheckOutcome.Accepted, ((NationalResponse.Checked)Read(xml)).Outcome);
    }

    private static NationalResponse Read(string xml) => ResponseReader.Read(Encoding.UTF8.GetBytes(xml));

    private static string Message(string type, string content) =>
        $"<TDiep><TTChung><PBan>2.1.0</PBan><MNGui>TCT</MNGui><MNNhan>V0107001729</MNNhan><MLTDiep>{type}</MLTDiep><MTDiep>TCT1</MTDiep><MTDTChieu>{Sent}</MTDTChieu></TTChung><DLieu>{content}</DLieu></TDiep>";

    private static string Receipt(string status, string reasons) =>
        Message("999", $"<TBao><MTDiep>{Sent}</MTDiep><MNGui>V0107001729</MNGui><NNhan>2026-07-02T21:15:01</NNhan><TTTNhan>{status}</TTTNhan>{reasons}</TBao>");

    private static string Check(string kind, string reasons) => Message(
        "204",
        $"<TBao><DLTBao Id=\"tb\"><MSo>01/TB-KTDL</MSo><LTBao>{kind}</LTBao><MGDDTu>{Sent}</MGDDTu><SLuong>5</SLuong>{(reasons.Length == 0 ? string.Empty : $"<LHDMTTien><DSLDo>{reasons}</DSLDo></LHDMTTien>")}</DLTBao><DSCKS><CQT/></DSCKS></TBao>");

    private static string Reason(string code, string text, string advice) => $"<LDo><STT>1</STT><MLoi>{code}</MLoi><MTLoi>{text}</MTLoi><HDXLy>{advice}</HDXLy></LDo>";
}

using System.Collections.Immutable;
using System.Xml.Linq;

namespace Invoicing.NationalXml.Responses;

/// <summary>Reads responses 999, 204 and 301. Names whatever is not as it should be; fetches nothing and follows no entity.</summary>
/// <remarks>Signatures are not verified: which certificate the authority signs with was not published. Source: Decision 1271/QĐ-CT.</remarks>
public static class ResponseReader
{
    /// <summary>Reads a response.</summary>
    /// <param name="bytes">At most 4 MiB.</param>
    /// <exception cref="MalformedMessageException">No response of a form that is known; says where, what was expected and found.</exception>
    public static NationalResponse Read(ReadOnlyMemory<byte> bytes)
    {
        XElement root = LimitedXml.Load(bytes);
        XElement head = root.Require("TTChung");
        string type = head.RequireText("MLTDiep");
        XElement notice = root.Require("DLieu").Require("TBao");
        return type switch
        {
            "999" => Receipt(head, notice),
            "204" => Checked(head, notice.Require("DLTBao")),
            "301" => NoticeAnswered(head, notice.Require("DLTBao")),
            _ => throw new MalformedMessageException("TDiep/TTChung/MLTDiep", "999, 204 or 301", $"'{type}'"),
        };
    }

    private static NationalResponse.Receipt Receipt(XElement head, XElement notice)
    {
        string status = notice.RequireText("TTTNhan");
        if (status is not ("0" or "1"))
        {
            throw new MalformedMessageException($"{LimitedXml.PathOf(notice)}/TTTNhan", "0 (taken) or 1 (error)", $"'{status}'");
        }

        return new()
        {
            Id = head.RequireText("MTDiep"),
            About = About(head, notice, "MTDiep"),
            IsTaken = status == "0",
            Reasons = status == "0" ? [] : Reasons(notice),
        };
    }

    private static NationalResponse.Checked Checked(XElement head, XElement notice)
    {
        string kind = notice.RequireText("LTBao");
        CheckOutcome outcome = kind switch
        {
            "2" => CheckOutcome.Accepted,
            "7" => CheckOutcome.SomeRejected,
            "9" => CheckOutcome.AllRejected,
            _ => throw new MalformedMessageException($"{LimitedXml.PathOf(notice)}/LTBao", "2, 7 or 9 for a message 206", $"'{kind}'"),
        };
        ImmutableArray<ResponseReason> reasons = outcome == CheckOutcome.Accepted ? [] : Reasons(notice);
        return outcome == CheckOutcome.SomeRejected && reasons.IsEmpty
            ? throw new MalformedMessageException(LimitedXml.PathOf(notice), "the invoices that are not in order (LHDMTTien/DSLDo/LDo)", "none")
            : new() { Id = head.RequireText("MTDiep"), About = About(head, notice, "MGDDTu"), Outcome = outcome, Reasons = reasons };
    }

    private static NationalResponse.NoticeAnswered NoticeAnswered(XElement head, XElement notice)
    {
        ImmutableArray<NoticeAnswer> answers =
        [
            .. notice.Descendants().Where(element => element.Name.LocalName == "HDon" && element.Child("TTTNCCQT") is not null)
                .Select(invoice => Answer(invoice, Name(invoice))),
        ];
        return new()
        {
            Id = head.RequireText("MTDiep"),
            About = About(head, notice, "MGDDTu"),
            Answers = answers.IsEmpty ? [Answer(notice, null)] : answers,
        };
    }

    private static NoticeAnswer Answer(XElement at, InvoiceName? invoice) => at.RequireText("TTTNCCQT") switch
    {
        "1" => new(invoice, IsTaken: true, []),
        "2" => new(invoice, IsTaken: false, Reasons(at)),
        { } other => throw new MalformedMessageException($"{LimitedXml.PathOf(at)}/TTTNCCQT", "1 (taken) or 2 (not taken)", $"'{other}'"),
    };

    private static InvoiceName Name(XElement invoice)
    {
        string name = $"{invoice.Text("KHMSHDon")};{invoice.Text("KHHDon")};{invoice.Text("SHDon")}";
        return InvoiceName.Parse(name.TrimStart(';'), out _)
            ?? throw new MalformedMessageException(LimitedXml.PathOf(invoice), "KHMSHDon, KHHDon and SHDon", $"'{name}'");
    }

    /// <summary>MTDTChieu, or what the content names; both, where both are there, must agree.</summary>
    private static string About(XElement head, XElement notice, string tag)
    {
        string envelope = head.Text("MTDTChieu");
        string content = notice.Text(tag);
        return (envelope, content) switch
        {
            ("", "") => throw new MalformedMessageException("TDiep/TTChung/MTDTChieu", "the id of the message that it is about", "nothing"),
            ("", _) => content,
            (_, "") => envelope,
            _ when envelope == content => envelope,
            _ => throw new MalformedMessageException($"{LimitedXml.PathOf(notice)}/{tag}", $"'{envelope}' as in TTChung/MTDTChieu", $"'{content}'"),
        };
    }

    private static ImmutableArray<ResponseReason> Reasons(XElement notice) =>
    [
        .. notice.Descendants().Where(element => element.Name.LocalName == "LDo" && element.HasElements).Select(reason =>
        {
            string described = reason.Text("MTLoi");
            InvoiceName? name = InvoiceName.Parse(described.Length == 0 ? reason.Text("MTa") : described, out string text);
            return new ResponseReason(reason.Text("MLoi"), text, reason.Text("HDXLy"), name);
        }),
    ];
}

using System.Xml.Linq;
using Invoicing.NationalXml.Documents;

namespace Invoicing.NationalXml.Messages;

/// <summary>A message 206, read back. Structure only: see <see cref="Signatures.MessageVerification"/> for its signature.</summary>
public sealed class InvoiceMessage
{
    private InvoiceMessage(Fields envelope, IReadOnlyList<InvoiceDocument> invoices)
    {
        Envelope = envelope;
        Invoices = invoices;
    }

    /// <summary>TTChung of the message: who sends what to whom.</summary>
    public Fields Envelope { get; }

    /// <summary>The invoices, in their order.</summary>
    public IReadOnlyList<InvoiceDocument> Invoices { get; }

    /// <summary>Reads a message.</summary>
    /// <param name="bytes">At most 4 MiB.</param>
    /// <exception cref="MalformedMessageException">No message 206, or its count is not that of its invoices.</exception>
    public static InvoiceMessage Read(ReadOnlyMemory<byte> bytes)
    {
        XElement root = LimitedXml.Load(bytes);
        Fields envelope = ReadFields(root.Require("TTChung"), []);
        if (envelope["MLTDiep"] != MessageEnvelope.InvoiceType)
        {
            throw new MalformedMessageException("TDiep/TTChung/MLTDiep", MessageEnvelope.InvoiceType, $"'{envelope["MLTDiep"]}'");
        }

        InvoiceDocument[] invoices = [.. root.Require("DLieu").Elements().Where(child => child.Name.LocalName == "HDon").Select(ReadInvoice)];
        return envelope["SLuong"] == LawText.Of(invoices.Length)
            ? new(envelope, invoices)
            : throw new MalformedMessageException("TDiep/TTChung/SLuong", LawText.Of(invoices.Length), $"'{envelope["SLuong"]}'");
    }

    private static InvoiceDocument ReadInvoice(XElement element)
    {
        XElement content = element.Require("DLHDon");
        XElement body = content.Require("NDHDon");
        InvoiceDocument document = new()
        {
            Id = content.Attribute("Id")?.Value ?? string.Empty,
            Code = Value(element, "MCCQT"),
            QrCode = Value(element, "DLQRCode"),
        };
        XElement general = content.Require("TTChung");
        ReadFields(general, document.General, "TTHDLQuan");
        ReadFields(general.Child("TTHDLQuan"), document.Related);
        ReadFields(body.Require("NBan"), document.Seller);
        ReadFields(body.Child("NMua"), document.Buyer);
        foreach (XElement line in body.Require("DSHHDVu").Elements())
        {
            LineDocument read = new();
            ReadFields(line, read.Fields, "TTHHDTrung");
            ReadFields(line.Child("TTHHDTrung"), read.Special);
            document.LineList.Add(read);
        }

        XElement totals = body.Require("TToan");
        ReadFields(totals, document.Totals, "THTTLTSuat");
        document.RateSumList.AddRange((totals.Child("THTTLTSuat")?.Elements() ?? []).Select(sum => ReadFields(sum, [])));
        return document;
    }

    private static Fields ReadFields(XElement? group, Fields fields, string nested = "")
    {
        foreach (XElement element in group?.Elements() ?? [])
        {
            string name = element.Name.LocalName;
            if (name == nested)
            {
                continue;
            }

            if (name == "TTKhac")
            {
                foreach (XElement extra in element.Elements())
                {
                    Add(extra, Value(extra, "TTruong"), Value(extra, "DLieu"), fields);
                }
            }
            else if (element.HasElements)
            {
                throw new MalformedMessageException(LimitedXml.PathOf(element), "a value", "elements");
            }
            else
            {
                Add(element, name, element.Value, fields);
            }
        }

        return fields;
    }

    private static void Add(XElement at, string name, string value, Fields fields)
    {
        if (name.Length == 0 || !fields.Add(name, value))
        {
            throw new MalformedMessageException(LimitedXml.PathOf(at), "one value under a name of its own", $"a second '{name}' or one without a name");
        }
    }

    private static string Value(XElement element, string name) => element.Child(name)?.Value ?? string.Empty;
}

using System.Text;
using System.Xml;
using Invoicing.Invoices;
using Invoicing.NationalXml.Documents;
using Invoicing.NationalXml.Profiles;

namespace Invoicing.NationalXml.Messages;

/// <summary>The envelope of a message (TDiep/TTChung), as text that stands before its content.</summary>
internal static class MessageEnvelope
{
    /// <summary>Cash-register invoices with codes.</summary>
    public const string InvoiceType = "206";

    /// <summary>Writes the XML declaration, TDiep's opening and TTChung.</summary>
    /// <exception cref="InvoicingException">A value does not fit the profile's envelope.</exception>
    public static byte[] Write(NationalProfile profile, MessageParties parties, string type, string id, TaxCode taxpayer, int count)
    {
        Fields fields = [];
        fields.Add("PBan", profile.Version);
        fields.Add("MNGui", parties.Sender);
        fields.Add("MNNhan", parties.Receiver);
        fields.Add("MLTDiep", type);
        fields.Add("MTDiep", id);
        fields.Add("MST", taxpayer.ToString());
        fields.Add("SLuong", LawText.Of(count));
        using MemoryStream buffer = new();
        using (var xml = XmlWriter.Create(buffer, FragmentSettings))
        {
            GroupWriter groups = new(xml);
            groups.Write("TTChung", profile.Envelope, fields, "TDiep/TTChung");
            if (groups.TakeFaults() is [{ } fault, ..])
            {
                throw new InvoicingException($"the message's envelope cannot be written: {fault}");
            }
        }

        return [.. """<?xml version="1.0" encoding="UTF-8"?>"""u8, .. "<TDiep>"u8, .. buffer.ToArray()];
    }

    public static XmlWriterSettings FragmentSettings { get; } = new()
    {
        ConformanceLevel = ConformanceLevel.Fragment,
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        NewLineHandling = NewLineHandling.Entitize,
    };
}

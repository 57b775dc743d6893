using System.Collections.Immutable;
using System.Xml;
using Invoicing.Invoices;
using Invoicing.NationalXml.Documents;
using Invoicing.NationalXml.Profiles;

namespace Invoicing.NationalXml.Messages;

/// <summary>Writes invoices (HDon), one after the other, into one buffer that is used again.</summary>
internal sealed class InvoiceXmlWriter : IDisposable
{
    private readonly MemoryStream _buffer = new();
    private readonly XmlWriter _xml;
    private readonly GroupWriter _groups;

    public InvoiceXmlWriter()
    {
        _xml = XmlWriter.Create(_buffer, MessageEnvelope.FragmentSettings);
        _groups = new(_xml);
    }

    /// <summary>Writes an invoice.</summary>
    /// <param name="document">The invoice.</param>
    /// <param name="profile">The format.</param>
    /// <param name="bytes">Its element, until the next call; only if there is no fault.</param>
    /// <returns>Every rule that it breaks.</returns>
    public ImmutableArray<RuleFault> Write(InvoiceDocument document, NationalProfile profile, out ReadOnlySpan<byte> bytes)
    {
        _buffer.SetLength(0);
        _xml.WriteStartElement("HDon");
        foreach (ElementRule rule in profile.Invoice.Rules)
        {
            switch (rule.Tag)
            {
                case "DLHDon":
                    WriteContent(document, profile);
                    break;
                case "DLQRCode":
                    _groups.WriteValue(rule, document.QrCode, "HDon");
                    break;
                case "MCCQT":
                    _groups.WriteValue(rule, document.Code, "HDon");
                    break;
                default:
                    throw new InvalidOperationException($"expected DLHDon, DLQRCode or MCCQT in HDon, found {rule.Tag} in profile {profile}");
            }
        }

        _xml.WriteEndElement();
        _xml.Flush();
        bytes = _buffer.GetBuffer().AsSpan(0, (int)_buffer.Length);
        return _groups.TakeFaults();
    }

    public void Dispose()
    {
        _xml.Dispose();
        _buffer.Dispose();
    }

    private void WriteContent(InvoiceDocument document, NationalProfile profile)
    {
        _xml.WriteStartElement("DLHDon");
        _xml.WriteAttributeString("Id", document.Id);
        _groups.Write("TTChung", profile.General, document.General, "TTChung", _ =>
        {
            if (document.Related.Count > 0)
            {
                _groups.Write("TTHDLQuan", profile.Related, document.Related, "TTChung/TTHDLQuan");
            }
        });
        _xml.WriteStartElement("NDHDon");
        _groups.Write("NBan", profile.Seller, document.Seller, "NBan");
        _groups.Write("NMua", profile.Buyer, document.Buyer, "NMua");
        WriteLines(document, profile);
        _groups.Write("TToan", TotalsOf(document, profile), document.Totals, "TToan", _ => WriteRateSums(document, profile));
        _xml.WriteEndElement();
        _xml.WriteEndElement();
    }

    private static ElementGroup TotalsOf(InvoiceDocument document, NationalProfile profile) =>
        document.Kind == InvoiceKind.Vat ? profile.VatTotals : profile.SalesTotals;

    private void WriteLines(InvoiceDocument document, NationalProfile profile)
    {
        _xml.WriteStartElement("DSHHDVu");
        for (int i = 0; i < document.Lines.Count; i++)
        {
            LineDocument line = document.Lines[i];
            string path = $"HHDVu[{i + 1}]";
            _groups.Write("HHDVu", profile.Line, line.Fields, path, _ =>
            {
                if (line.Special.Count > 0)
                {
                    _groups.Write("TTHHDTrung", profile.Special, line.Special, $"{path}/TTHHDTrung");
                }
            });
        }

        _xml.WriteEndElement();
    }

    private void WriteRateSums(InvoiceDocument document, NationalProfile profile)
    {
        _xml.WriteStartElement("THTTLTSuat");
        foreach (Fields sum in document.RateSums)
        {
            _groups.Write("LTSuat", profile.RateSum, sum, "TToan/THTTLTSuat/LTSuat");
        }

        _xml.WriteEndElement();
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using Invoicing.Documents;
using Invoicing.Gateway;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Settings;
using Invoicing.Vietnam;

namespace Invoicing.Edge.Control;

/// <summary>A correction as the command hands it over, and the answer.</summary>
internal static class CorrectionCall
{
    /// <summary>Most bytes of a request: 500 lines of goods.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Reads a request.</summary>
    /// <exception cref="SettingsException">A key that is missing, misspelt or has another type.</exception>
    public static CorrectionRequest Read(string text)
    {
        var json = JsonSettings.Parse(text, "correction");
        string code = json.Text("code");
        string way = json.Text("by");
        CorrectionRequest request = new()
        {
            Corrected = AuthorityCode.TryParse(code, out AuthorityCode parsed)
                ? parsed
                : throw json.Fault("code", "an authority code such as M1-26-A1B2C-00001234567", $"'{code}'"),
            Type = way switch
            {
                "replacement" => CorrectionType.Replacement,
                "return" => CorrectionType.Adjustment,
                "notice" => CorrectionType.BuyerNotice,
                "cancel" => throw new InvoicingException($"{code}: {CorrectionRules.Cancellation}"),
                _ => throw json.Fault("by", "replacement, return or notice", $"'{way}'"),
            },
            Reason = json.Text("reason"),
            Sale = json.OptionalObject("sale") is { } sale ? SaleDocument.Read(sale, new SaleKey(new("EDGE-OPERATOR"), 0, 1)) : null,
            Buyer = json.OptionalObject("buyer") is { } buyer ? SaleDocument.ReadBuyer(buyer) : null,
        };
        json.Done();
        return request;
    }

    /// <summary>Writes the answer.</summary>
    public static JsonObject Write(IssuedCorrection issued)
    {
        Correction correction = issued.Correction;
        var json = new JsonObject
        {
            ["position"] = issued.Entry.Position,
            ["type"] = correction.Type.ToString(),
            ["corrected"] = correction.Corrected.Code.ToString(),
        };
        if (correction.Invoice is not { } invoice)
        {
            json["text"] = $"position {issued.Entry.Position}: the buyer's right data are noted for {correction.Corrected.Code}";
            return json;
        }

        string sentence = CorrectionText.Of(correction.Type, correction.Corrected);
        json["code"] = invoice.Code.ToString();
        json["series"] = invoice.Series.ToString();
        json["number"] = invoice.Number;
        json["total"] = invoice.Total.Dong;
        json["lookup"] = issued.Lookup;
        json["sentence"] = sentence;
        json["text"] = string.Create(
            CultureInfo.InvariantCulture,
            $"position {issued.Entry.Position}: {invoice.Code}, {invoice.Series} {invoice.Number}, {invoice.Total}; {sentence}");
        return json;
    }
}

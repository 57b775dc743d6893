using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Invoicing.NationalXml.Signatures;

/// <summary>A certificate's subject as text, by RFC 4514 and with the names of attributes that Vietnam's certificates bear.</summary>
internal static class SubjectText
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["2.5.4.3"] = "CN",
        ["2.5.4.6"] = "C",
        ["2.5.4.7"] = "L",
        ["2.5.4.8"] = "ST",
        ["2.5.4.9"] = "STREET",
        ["2.5.4.10"] = "O",
        ["2.5.4.11"] = "OU",
        ["2.5.4.12"] = "T",
        ["0.9.2342.19200300.100.1.1"] = "UID",
        ["0.9.2342.19200300.100.1.25"] = "DC",
        ["1.2.840.113549.1.9.1"] = "E",
    };

    /// <summary><c>CN=Cửa hàng Bình Minh,UID=MST:0107001729,C=VN</c>.</summary>
    public static string Of(X509Certificate2 certificate) => string.Join(
        ',', Parts(certificate).Select(part => $"{Names.GetValueOrDefault(part.Oid, part.Oid)}={Escape(part.Value)}"));

    /// <summary>All values of an attribute.</summary>
    public static IEnumerable<string> Values(X509Certificate2 certificate, string oid) =>
        Parts(certificate).Where(part => part.Oid == oid).Select(part => part.Value);

    private static IEnumerable<(string Oid, string Value)> Parts(X509Certificate2 certificate) =>
        certificate.SubjectName.EnumerateRelativeDistinguishedNames(reversed: true)
            .Where(part => !part.HasMultipleElements)
            .Select(part => (part.GetSingleElementType().Value ?? string.Empty, part.GetSingleElementValue() ?? string.Empty));

    private static string Escape(string value)
    {
        StringBuilder text = new(value.Length);
        for (int i = 0; i < value.Length; i++)
        {
            bool isOuterBlank = value[i] == ' ' && (i == 0 || i == value.Length - 1);
            bool isMark = value[i] is ',' or '+' or '"' or '\\' or '<' or '>' or ';' || (value[i] == '#' && i == 0);
            text.Append(isOuterBlank || isMark ? "\\" : string.Empty).Append(value[i]);
        }

        return text.ToString();
    }
}

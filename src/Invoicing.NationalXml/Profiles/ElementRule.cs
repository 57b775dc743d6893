using System.Globalization;
using Invoicing.Settings;

namespace Invoicing.NationalXml.Profiles;

/// <summary>One element of a group: its place in the list is its place in the file.</summary>
/// <param name="Tag">Its name.</param>
/// <param name="Form">What it holds.</param>
/// <param name="Length">Most characters, or most digits; 0 where the form says all.</param>
/// <param name="Decimals">Most decimals.</param>
/// <param name="IsRequired">Whether it is always there.</param>
/// <param name="Natures">Natures of line (TChat) that cannot do without it, as digits; empty where that makes no difference.</param>
internal sealed record ElementRule(string Tag, ElementForm Form, int Length, int Decimals, bool IsRequired, string Natures)
{
    /// <summary>Reads one rule of a profile: <c>{ "tag": "SLuong", "is": "decimal 21 6", "must_for_natures": "15" }</c>.</summary>
    public static ElementRule Read(JsonSettings json)
    {
        string tag = json.Text("tag");
        string text = json.Text("is");
        bool isRequired = json.Flag("must", byDefault: false);
        string natures = json.OptionalText("must_for_natures") ?? string.Empty;
        json.Done();
        string[] words = text.Split(' ');
        (ElementForm Form, int Numbers)? form = words[0] switch
        {
            "text" => (ElementForm.Text, 1),
            "number" => (ElementForm.Number, 1),
            "decimal" => (ElementForm.Decimal, 2),
            "date" => (ElementForm.Date, 0),
            "group" => (ElementForm.Group, 0),
            "extras" => (ElementForm.Extras, 0),
            _ => null,
        };
        int length = 0;
        int decimals = 0;
        if (form is not { } known || words.Length != known.Numbers + 1 || (known.Numbers > 0 && !TryRead(words[1], out length))
            || (known.Numbers > 1 && !TryRead(words[2], out decimals)))
        {
            throw json.Fault("is", "text N, number N, decimal N D, date, group or extras", $"'{text}'");
        }

        return new(tag, known.Form, length, decimals, isRequired, natures);
    }

    private static bool TryRead(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is > 0 and <= 10_000;
}

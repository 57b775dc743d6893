using System.Globalization;
using Invoicing.Settings;

namespace Invoicing.NationalXml.Profiles;

/// <summary>One version of the law's data format: which elements there are, where, in which order, and how long.</summary>
/// <remarks>
/// All of it is data (<c>profile-2.1.0.json</c> and its like, each with a schema of its name beside it), because the tables of the decisions
/// are known only in part: what turns out otherwise is changed there and not in code. Immutable.
/// Source: Decision 1271/QĐ-CT (2.1.0) and its predecessor 1510/QĐ-TCT (2.0.1); 2.1.1 by the formats that are in use since 1 July 2026.
/// </remarks>
public sealed class NationalProfile
{
    private static readonly string[] Builtin = ["2.0.1", "2.1.0", "2.1.1"];
    private static readonly Dictionary<string, Lazy<NationalProfile>> Known =
        Builtin.ToDictionary(version => version, version => new Lazy<NationalProfile>(() => Load(version)), StringComparer.Ordinal);

    private NationalProfile(JsonSettings json)
    {
        Version = json.Text("version");
        Natures = json.Text("natures");
        ConsumerFrom = DateOnly.TryParseExact(json.Text("consumer_from"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly from)
            ? from
            : throw json.Fault("consumer_from", "a date such as 2026-07-01", "other text");
        ConsumerTag = json.Text("consumer_tag");
        ConsumerText = json.Text("consumer_text");
        string signature = json.Text("signature");
        string target = json.Text("signature_target");
        Envelope = Group(json, "envelope");
        Invoice = Group(json, "invoice");
        General = Group(json, "general");
        Related = Group(json, "related");
        Seller = Group(json, "seller");
        Buyer = Group(json, "buyer");
        Line = Group(json, "line");
        Special = Group(json, "special");
        RateSum = Group(json, "rate_sum");
        VatTotals = Group(json, "vat_totals");
        SalesTotals = Group(json, "sales_totals");
        Notice = Group(json, "notice");
        NoticeInvoice = Group(json, "notice_invoice");
        json.Done();
        if (signature != "xmldsig")
        {
            throw json.Fault("signature", "xmldsig, the only form that can be made", $"'{signature}'");
        }

        TargetNamesSignature = target switch
        {
            "id" => true,
            "empty" => false,
            _ => throw json.Fault("signature_target", "id (Target=\"#…\") or empty (Target=\"\")", $"'{target}'"),
        };
    }

    /// <summary>Versions that come with the program, oldest first.</summary>
    public static IReadOnlyList<string> Versions => Builtin;

    /// <summary>What stands in PBan.</summary>
    public string Version { get; }

    /// <summary>Natures of line (TChat) that the format knows, as digits.</summary>
    internal string Natures { get; }

    /// <summary>First day on which a private buyer without data is called by a fixed text.</summary>
    internal DateOnly ConsumerFrom { get; }

    internal string ConsumerTag { get; }

    internal string ConsumerText { get; }

    /// <summary>Whether a SignatureProperty's Target is <c>#</c> and the signature's Id, or empty.</summary>
    internal bool TargetNamesSignature { get; }

    internal ElementGroup Envelope { get; }

    internal ElementGroup Invoice { get; }

    internal ElementGroup General { get; }

    internal ElementGroup Related { get; }

    internal ElementGroup Seller { get; }

    internal ElementGroup Buyer { get; }

    internal ElementGroup Line { get; }

    internal ElementGroup Special { get; }

    internal ElementGroup RateSum { get; }

    internal ElementGroup VatTotals { get; }

    internal ElementGroup SalesTotals { get; }

    internal ElementGroup Notice { get; }

    internal ElementGroup NoticeInvoice { get; }

    /// <summary>A version that comes with the program.</summary>
    /// <exception cref="InvoicingException">None of <see cref="Versions"/>.</exception>
    public static NationalProfile Of(string version) => Known.TryGetValue(version, out Lazy<NationalProfile>? profile)
        ? profile.Value
        : throw new InvoicingException($"expected a format version {string.Join(", ", Builtin)}, found '{version}'");

    /// <summary>Reads a profile, also one that does not come with the program.</summary>
    /// <param name="json">Its text, in the form of <c>profile-2.1.0.json</c>.</param>
    /// <param name="source">Name of the file, for errors.</param>
    /// <exception cref="SettingsException">A key is missing, wrong or not known.</exception>
    public static NationalProfile Read(string json, string source) => new(JsonSettings.Parse(json, source));

    /// <summary>The schema of a version, or what it includes: <c>national-2.1.0.xsd</c>, <c>types.xsd</c>, <c>signature.xsd</c>.</summary>
    /// <exception cref="InvoicingException">No such file comes with the program.</exception>
    public static Stream OpenSchema(string name) => typeof(NationalProfile).Assembly.GetManifestResourceStream(name)
        ?? throw new InvoicingException($"expected a schema that comes with the program, such as national-2.1.0.xsd, found '{name}'");

    /// <summary>The version.</summary>
    public override string ToString() => Version;

    private static NationalProfile Load(string version)
    {
        string name = $"profile-{version}.json";
        using Stream stream = OpenSchema(name);
        using StreamReader reader = new(stream);
        return Read(reader.ReadToEnd(), name);
    }

    private static ElementGroup Group(JsonSettings json, string key) => new(json.Objects(key).Select(ElementRule.Read));
}

namespace Invoicing.Architecture.Tests;

/// <summary>
/// The arrows between the folders of each project (design.md §3): a folder may use the folders of its row and nothing else. Types of the root
/// folder stand alone: each may use and be used, as long as nothing goes round in a circle.
/// </summary>
internal static class FolderRules
{
    /// <summary>Messages generated from protos/invoicing/v1/entry.proto, which only the chain may touch.</summary>
    private const string Protos = "Protos";

    private const string Registers = "Invoicing.Registers";

    /// <summary>Every folder of the registers' project that has no row is one protocol, and protocols know nothing of each other.</summary>
    private static readonly string[] Protocol = ["Lines", "Drivers", "Text", "Receipts"];

    private static readonly Dictionary<string, Dictionary<string, string[]>> Arrows = new(StringComparer.Ordinal)
    {
        ["Invoicing"] = new(StringComparer.Ordinal)
        {
            ["Hashing"] = [],
            ["Amounts"] = [],
            ["Sales"] = ["Amounts", "Hashing"],
            ["Invoices"] = ["Amounts", "Hashing", "Sales"],
            ["Catalogues"] = ["Amounts", "Hashing", "Sales"],
            ["Vietnam"] = ["Amounts", "Hashing", "Sales", "Invoices", "Catalogues", "Settings"],
            ["Signing"] = ["Hashing"],
            ["Enrolment"] = ["Hashing"],
            ["Chain"] = ["Amounts", "Hashing", "Sales", "Invoices", "Vietnam", "Signing", Protos],
            [Protos] = [],
            ["Settings"] = [],
            ["Documents"] = ["Amounts", "Sales", "Settings"],
        },
        ["Invoicing.Gateway"] = new(StringComparer.Ordinal)
        {
            ["Journal"] = [],
            ["Captures"] = [],
            ["Keys"] = [],
            ["Clocks"] = [],
            ["Enrolment"] = ["Keys", "Clocks"],
            ["Recording"] = ["Journal", "Keys", "Clocks"],
            ["Uplink"] = ["Journal", "Keys", "Clocks", "Enrolment"],
        },
        [Registers] = new(StringComparer.Ordinal)
        {
            ["Lines"] = [],
            ["Ports"] = ["Lines"],
            ["Drivers"] = ["Lines"],
            ["Text"] = [],
            ["Receipts"] = ["Text"],
        },
        ["Invoicing.NationalXml"] = new(StringComparer.Ordinal)
        {
            ["Profiles"] = [],
            ["Documents"] = ["Profiles"],
            ["Signatures"] = [],
            ["Messages"] = ["Profiles", "Documents", "Signatures"],
            ["Responses"] = [],
        },
        ["Invoicing.Authority"] = new(StringComparer.Ordinal)
        {
            ["Ledger"] = [],
            ["Gate"] = [],
            ["Intake"] = ["Ledger", "Gate"],
            ["Feed"] = ["Ledger", "Gate"],
            ["Enrolment"] = ["Ledger", "Gate"],
            ["Audit"] = ["Ledger", "Intake"],
            ["Web"] = ["Ledger", "Gate", "Intake", "Feed", "Enrolment"],
            ["Commands"] = ["Ledger", "Gate", "Intake", "Feed", "Enrolment", "Audit", "Web"],
        },
    };

    /// <summary>What a folder may use; <see langword="null"/> where only circles are forbidden.</summary>
    /// <exception cref="KeyNotFoundException">The project has a table and the folder no row in it: design.md §3 must say where it belongs.</exception>
    public static IReadOnlyCollection<string>? Of(string project, string folder)
    {
        return Arrows.TryGetValue(project, out Dictionary<string, string[]>? rows)
            ? rows.TryGetValue(folder, out string[]? row) || project != Registers ? row ?? rows[folder] : Protocol
            : null;
    }
}

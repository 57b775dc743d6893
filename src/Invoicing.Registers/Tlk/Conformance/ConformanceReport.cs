using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>What a register was found to do, case by case.</summary>
public sealed class ConformanceReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    internal ConformanceReport(string line, string register, ImmutableArray<CaseFinding> findings)
    {
        Line = line;
        Register = register;
        Findings = findings;
    }

    /// <summary>The line that the register hung on.</summary>
    public string Line { get; }

    /// <summary>Serial, model and firmware as HELLO said them; empty if no HELLO came.</summary>
    public string Register { get; }

    /// <summary>Whether no case failed and at least one passed.</summary>
    public bool IsConforming => Findings.All(f => f.Verdict != Verdict.Fail) && Findings.Any(f => f.Verdict == Verdict.Pass);

    internal ImmutableArray<CaseFinding> Findings { get; }

    /// <summary>The report for people: a line for each case, then what to repair.</summary>
    public string ToText()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"TLK/1 conformance of {(Register.Length == 0 ? "a register that said no HELLO" : Register)} on {Line}");
        foreach (CaseFinding finding in Findings)
        {
            text.AppendLine(LineOf(finding));
        }

        CaseFinding[] failed = [.. Findings.Where(f => f.Verdict == Verdict.Fail)];
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{Count(Verdict.Pass)} passed, {failed.Length} failed, {Count(Verdict.NotApplicable)} not applicable");
        if (failed.Length > 0)
        {
            text.AppendLine("To repair, in this order (sections are those of TLK-1.md):");
            foreach (IGrouping<string, CaseFinding> rule in failed.GroupBy(f => f.Rule, StringComparer.Ordinal))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  {rule.Key}: {rule.First().Expected} ({string.Join(", ", rule.Select(f => f.Id))})");
            }
        }

        text.Append(IsConforming ? "CONFORMS" : "DOES NOT CONFORM");
        return text.ToString();
    }

    /// <summary>The report for scripts.</summary>
    public string ToJson() => new JsonObject
    {
        ["protocol"] = "TLK/1",
        ["line"] = Line,
        ["register"] = Register,
        ["conforms"] = IsConforming,
        ["passed"] = Count(Verdict.Pass),
        ["failed"] = Count(Verdict.Fail),
        ["not_applicable"] = Count(Verdict.NotApplicable),
        ["cases"] = new JsonArray([.. Findings.Select(f => (JsonNode)new JsonObject
        {
            ["id"] = f.Id,
            ["title"] = f.Title,
            ["rule"] = f.Rule,
            ["verdict"] = Word(f.Verdict),
            ["expected"] = f.Expected,
            ["came"] = f.Came,
            ["milliseconds"] = (long)f.Took.TotalMilliseconds,
        })]),
    }.ToJsonString(Indented);

    internal static string LineOf(CaseFinding finding)
    {
        string head = string.Create(CultureInfo.InvariantCulture, $"{finding.Id} {Word(finding.Verdict),-4} {finding.Rule,-14} {finding.Title}");
        return finding.Verdict switch
        {
            Verdict.Fail => $"{head}{Environment.NewLine}     expected {finding.Expected}{Environment.NewLine}     came     {finding.Came}",
            Verdict.NotApplicable => $"{head}: {finding.Came}",
            _ => head,
        };
    }

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "pass",
        Verdict.Fail => "FAIL",
        _ => "n/a",
    };

    private int Count(Verdict verdict) => Findings.Count(f => f.Verdict == verdict);
}

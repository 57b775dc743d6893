namespace Invoicing.Invoices;

/// <summary>One rule that a sale breaks: why it is held.</summary>
/// <param name="RuleId">Stable id of the rule, at most 40 characters, such as <c>VN-TOTAL-1</c>.</param>
/// <param name="Path">Where in the sale, such as <c>Lines[2].Name</c>.</param>
/// <param name="Expected">What the rule wants.</param>
/// <param name="Found">What is there; long text is shortened here and nowhere else.</param>
public sealed record RuleFault(string RuleId, string Path, string Expected, string Found)
{
    /// <summary><c>VN-TOTAL-1 at Total: expected 120000, found 119000</c>.</summary>
    public override string ToString() => $"{RuleId} at {Path}: expected {Expected}, found {Found}";
}

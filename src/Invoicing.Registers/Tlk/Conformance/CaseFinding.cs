namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>One case's line in the report.</summary>
/// <param name="Id">Number of the case: <c>C031</c>.</param>
/// <param name="Title">What it proves, as a sentence.</param>
/// <param name="Rule">Sections of TLK-1.md that it proves, or that was broken.</param>
/// <param name="Verdict">What came of it.</param>
/// <param name="Expected">What the rule demands, if it failed.</param>
/// <param name="Came">What came instead; why not, if it was not applicable.</param>
/// <param name="Took">How long it took.</param>
internal sealed record CaseFinding(string Id, string Title, string Rule, Verdict Verdict, string Expected, string Came, TimeSpan Took);

using System.Runtime.Versioning;
using Invoicing.Registers.Tlk.Conformance;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>The kit finds the bugs that are planted in copies of the reference client.</summary>
[SupportedOSPlatform("linux")]
public sealed class PlantedBugTests(ClientObjects sound)
{
    public static TheoryData<string> Bugs => PlantedBug.Names;

    [Theory]
    [MemberData(nameof(Bugs))]
    public async Task A_planted_bug_fails_its_case_in_a_run_of_all_and_the_report_names_the_rule(string name)
    {
        var bug = PlantedBug.Read(name);
        using TempFolder folder = new();
        using var library = ClientLibrary.Load(await bug.BuildAsync(folder, await sound.AllAsync()));

        ConformanceReport report = await SteppedKit.TestAsync(
            time => new SteppedClient(library, time, new()).Filled(), new() { Sell = SteppedKit.Asked }, TestContext.Current.CancellationToken);

        CaseFinding finding = Assert.Single(report.Findings, f => f.Id == bug.Case);
        Assert.True(finding.Verdict == Verdict.Fail, report.ToText());
        Assert.Contains(bug.Rule, finding.Rule, StringComparison.Ordinal);
        Assert.Contains("To repair", report.ToText(), StringComparison.Ordinal);
        Assert.Contains("DOES NOT CONFORM", report.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_bugs_or_more_are_planted_and_no_two_share_a_case()
    {
        string[] cases = [.. Bugs.Select(row => PlantedBug.Read(row.Data).Case)];

        Assert.True(cases.Length >= 10, $"{cases.Length} bugs");
        Assert.Distinct(cases);
    }
}

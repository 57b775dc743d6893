using System.Runtime.Versioning;
using Invoicing.Registers.Tlk.Conformance;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>The kit finds the bugs that are planted in copies of the reference client.</summary>
[SupportedOSPlatform("linux")]
public sealed class PlantedBugTests(PlantedBugRuns runs) : IClassFixture<PlantedBugRuns>
{
    /// <summary>All of them take half a minute on an idle machine; it only ends what hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>One bug against all cases, of which many fail by waiting.</summary>
    private static readonly TimeSpan LongPatience = TimeSpan.FromMinutes(60);

    public static TheoryData<string> Bugs => PlantedBug.Names;

    [Theory]
    [MemberData(nameof(Bugs))]
    public async Task A_planted_bug_fails_its_case_and_the_report_names_the_rule(string name)
    {
        var bug = PlantedBug.Read(name);

        ConformanceReport report = await runs.ReportAsync(name).Soon(Patience);

        CaseFinding finding = Assert.Single(report.Findings);
        Assert.Equal(Verdict.Fail, finding.Verdict);
        Assert.Contains(bug.Rule, finding.Rule, StringComparison.Ordinal);
        Assert.Contains("To repair", report.ToText(), StringComparison.Ordinal);
        Assert.Contains("DOES NOT CONFORM", report.ToText(), StringComparison.Ordinal);
    }

    [Theory] // many minutes: the long run
    [Trait("run", "long")]
    [MemberData(nameof(Bugs))]
    public async Task A_planted_bug_fails_its_case_in_a_run_of_all_cases_too(string name)
    {
        var bug = PlantedBug.Read(name);
        using TempFolder folder = new();
        string program = await bug.BuildAsync(folder);
        await using ReferenceRegister register = await ReferenceRegister.StartAsync(program, folder);

        ConformanceReport report = await register.TestAsync([], quick: true).Soon(LongPatience);

        Assert.False(report.IsConforming);
        Assert.Equal(Verdict.Fail, Assert.Single(report.Findings, f => f.Id == bug.Case).Verdict);
    }

    [Fact]
    public void Ten_bugs_or_more_are_planted_and_no_two_share_a_case()
    {
        string[] cases = [.. Bugs.Select(row => PlantedBug.Read(row.Data).Case)];

        Assert.True(cases.Length >= 10, $"{cases.Length} bugs");
        Assert.Distinct(cases);
    }
}

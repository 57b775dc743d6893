namespace Invoicing.RegisterRuns.Tests;

/// <summary>What runs must come to, each with its report.</summary>
internal static class RunChecks
{
    /// <summary>Of a register that can be read again: every sale is there once.</summary>
    internal static async Task<TillOutcome> EachOnceAsync(this TillRun run, ITestOutputHelper output)
    {
        TillOutcome outcome = await run.RunAsync();
        output.WriteLine(outcome.ToString());
        Assert.Equal(outcome.Report with { Once = run.Sales, Named = 0, Missing = 0, Twice = 0 }, outcome.Report);
        Assert.Equal(run.Stops.Count, outcome.Stops);
        return outcome;
    }

    /// <summary>Of a register that says nothing twice: every sale is there once or named, and never twice.</summary>
    internal static async Task<TillOutcome> OnceOrNamedAsync(this TillRun run, ITestOutputHelper output, int leastPercent)
    {
        TillOutcome outcome = await run.RunAsync();
        output.WriteLine(outcome.ToString());
        Assert.Equal(outcome.Report with { Missing = 0, Twice = 0 }, outcome.Report);
        Assert.InRange(outcome.Report.Once, run.Sales * leastPercent / 100, run.Sales);
        Assert.Equal(run.Stops.Count, outcome.Stops);
        return outcome;
    }

    /// <summary>Of registers that cannot be told apart: they are refused in a sentence, and nothing is there twice.</summary>
    internal static async Task<TillOutcome> RefusedAsync(this TillRun run, ITestOutputHelper output, string sentence)
    {
        TillOutcome outcome = await run.RunAsync();
        output.WriteLine($"{outcome}\n    {outcome.Status.Trouble}");
        Assert.Equal(0, outcome.Report.Twice);
        Assert.InRange(outcome.Report.Once, 1, run.Sales - 1);
        Assert.Contains(sentence, outcome.Status.Trouble, StringComparison.Ordinal);
        return outcome;
    }
}

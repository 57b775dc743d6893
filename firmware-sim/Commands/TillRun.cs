using System.Globalization;
using FirmwareSim.Tills;

namespace FirmwareSim.Commands;

/// <summary><c>firmware-sim run</c> of a register that speaks something else than TLK/1.</summary>
internal static class TillRun
{
    public static async Task<int> RunAsync(TillRunOptions options, bool json, CancellationToken cancellationToken)
    {
        await using TillRunner runner = new(options);
        runner.WhenNoted = text => Console.Error.WriteLine($"{options.Till.Serial}: {text}");
        await Console.Error.WriteLineAsync($"{options.Till.Serial}: line {runner.LineName}");
        try
        {
            await runner.RunAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C or SIGTERM: say what there is and end.
        }

        TillSummary summary = runner.Summary;
        Console.WriteLine(json ? JsonLines.Of(summary) : Text(summary));
        return summary.Sales >= options.Sales && summary.IsAllGiven ? ExitCode.Done : ExitCode.Interrupted;
    }

    private static string Text(TillSummary summary)
    {
        string faults = string.Join(", ", summary.Faults.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value}")));
        return string.Create(CultureInfo.InvariantCulture, $"""
            register       {summary.Serial}
            rung up        {summary.Sales} sales, {summary.Refunds} refunds, {summary.Cancelled} voided, {summary.Documents} documents
            comes to       {summary.Total} đồng
            handed over    {(summary.IsAllGiven ? "all" : "not all")}
            faults         {(faults.Length > 0 ? faults : "none")}
            """);
    }
}

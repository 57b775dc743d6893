using System.CommandLine;
using System.Text.Json.Nodes;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;

namespace Invoicing.Edge.Commands;

/// <summary><c>verify</c>: reads the whole journal again and names every fault.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        Option<string> journal = EdgeOptions.Journal();
        Option<bool> json = EdgeOptions.Json();
        var quick = new Option<bool>("--quick") { Description = "Check links and the last signature of each run instead of every signature." };
        var command = new Command("verify", "Checks a journal: links, positions, signatures, keys and indexes.") { journal, quick, json };
        command.Run(async (parsed, cancellationToken) =>
        {
            SignatureDepth depth = parsed.GetValue(quick) ? SignatureDepth.LastOfRun : SignatureDepth.Every;
            JournalAuditReport report = await JournalAudit.RunAsync(parsed.GetRequiredValue(journal), depth, cancellationToken);
            string text = parsed.GetValue(json) ? ToJson(report).ToJsonString() : ForPeople(report);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(text.AsMemory(), cancellationToken);
            return report.IsSound ? ExitCode.Done : ExitCode.Unsound;
        });
        return command;
    }

    private static JsonObject ToJson(JournalAuditReport report) => new()
    {
        ["sound"] = report.IsSound,
        ["chain"] = report.Chain.ToString(),
        ["head"] = report.HeadPosition,
        ["head_hash"] = report.HeadHash.ToString(),
        ["invoices"] = report.Invoices,
        ["every_signature"] = report.Depth == SignatureDepth.Every,
        ["sqlite"] = report.SqliteVersion,
        ["faults"] = new JsonArray([.. report.Faults.Select(f => (JsonNode)f.ToString())]),
    };

    private static string ForPeople(JournalAuditReport report)
    {
        string depth = report.Depth == SignatureDepth.Every ? "every signature" : "links and last signatures";
        string head = $"chain {report.Chain}: {report.HeadPosition} entries, {report.Invoices} invoices, {depth} checked, SQLite {report.SqliteVersion}";
        return string.Join(
            Environment.NewLine, [head, .. report.Faults.Select(f => $"FAULT {f}"), report.IsSound ? "sound" : $"NOT SOUND: {report.Faults.Length} fault(s)"]);
    }
}

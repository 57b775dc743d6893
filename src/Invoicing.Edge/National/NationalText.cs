using System.Text.Json.Nodes;
using Invoicing.Chain;
using Invoicing.NationalXml.Responses;

namespace Invoicing.Edge.National;

/// <summary>What was made, heard and parked, for people and for scripts.</summary>
internal static class NationalText
{
    public static Task TellAsync(ExportedMessages made, bool asJson, TextWriter output)
    {
        JsonObject json = new()
        {
            ["messages"] = new JsonArray([.. made.Messages.Select(m => (JsonNode)new JsonObject
            {
                ["message"] = m.Id,
                ["type"] = m.Type,
                ["file"] = m.Path,
                ["invoices"] = m.Invoices,
                ["bytes"] = m.Bytes,
            })]),
            ["left_out"] = new JsonArray([.. made.LeftOut.Select(l => (JsonNode)LeftOut(l.Part.Position, SubmissionStore.NameOf(l.Part.Invoice), l.Text))]),
            ["skipped"] = made.Skipped,
            ["finished"] = made.Finished,
        };
        return TellAsync(output, asJson, json,
        [
            .. made.Messages.Select(m => $"message {m.Id}: type {m.Type}, {m.Invoices} invoice(s), {m.Bytes} bytes, {m.Path}"),
            .. made.LeftOut.Select(l => $"LEFT OUT entry {l.Part.Position}, {SubmissionStore.NameOf(l.Part.Invoice)}: {l.Text}"),
            $"{made.Messages.Count} message(s), {made.Messages.Sum(m => m.Invoices)} invoice(s), {made.LeftOut.Count} left out, "
                + $"{made.Skipped} in messages already",
        ]);
    }

    public static Task TellAsync(ImportedResponse imported, bool asJson, TextWriter output)
    {
        JsonObject json = new()
        {
            ["response"] = imported.Response.Id,
            ["type"] = imported.Response.Type,
            ["message"] = imported.MessageId,
            ["new"] = imported.IsNew,
            ["accepted"] = imported.Answers.Count(answer => answer.Outcome == VerdictOutcomeKind.Accepted),
            ["answers"] = new JsonArray([.. imported.Answers.Where(answer => answer.Outcome != VerdictOutcomeKind.Accepted).Select(Answer)]),
        };
        string what = (imported.IsNew, imported.Response) switch
        {
            (false, _) => "was imported before; nothing was changed",
            (_, NationalResponse.Receipt { IsTaken: true }) => "the message was taken, its invoices are judged later",
            _ => $"{imported.Answers.Count(answer => answer.Outcome == VerdictOutcomeKind.Accepted)} accepted, "
                + $"{imported.Answers.Count(answer => answer.Outcome != VerdictOutcomeKind.Accepted)} parked",
        };
        return TellAsync(output, asJson, json,
        [
            $"response {imported.Response.Type} to message {imported.MessageId}: {what}",
            .. imported.Answers.Where(answer => answer.Outcome != VerdictOutcomeKind.Accepted).Select(ForPeople),
        ]);
    }

    public static Task TellAsync(SubmissionStore? store, bool asJson, TextWriter output)
    {
        IReadOnlyList<Submission> submissions = store?.Submissions() ?? [];
        IReadOnlyList<StoredAnswer> parked = store?.Parked() ?? [];
        IReadOnlyList<(long Position, string Invoice, string Text)> leftOut = store?.LeftOut() ?? [];
        JsonObject json = new()
        {
            ["accepted"] = store?.Accepted ?? 0,
            ["waiting"] = store?.Waiting ?? 0,
            ["parked"] = new JsonArray([.. parked.Select(Answer)]),
            ["left_out"] = new JsonArray([.. leftOut.Select(l => (JsonNode)LeftOut(l.Position, l.Invoice, l.Text))]),
            ["messages"] = new JsonArray([.. submissions.Select(s => (JsonNode)new JsonObject
            {
                ["message"] = s.MessageId,
                ["type"] = s.Type,
                ["format"] = s.Version,
                ["state"] = s.State.ToString(),
                ["invoices"] = s.Parts.Length,
                ["hash"] = s.Hash.ToString(),
                ["file"] = s.Path,
            })]),
        };
        return TellAsync(output, asJson, json,
        [
            $"{submissions.Count} message(s): {store?.Accepted ?? 0} accepted, {store?.Waiting ?? 0} waiting, {parked.Count} parked, {leftOut.Count} left out",
            .. submissions.Select(s => $"message {s.MessageId}: type {s.Type}, format {s.Version}, {s.Parts.Length} invoice(s), {s.State}"),
            .. parked.Select(ForPeople),
            .. leftOut.Select(l => $"LEFT OUT entry {l.Position}, {l.Invoice}: {l.Text}"),
        ]);
    }

    private static async Task TellAsync(TextWriter output, bool asJson, JsonObject json, IEnumerable<string> lines) =>
        await output.WriteLineAsync(asJson ? json.ToJsonString() : string.Join(Environment.NewLine, lines));

    private static JsonObject LeftOut(long position, string invoice, string text) => new() { ["position"] = position, ["invoice"] = invoice, ["text"] = text };

    private static JsonNode Answer(StoredAnswer answer) => new JsonObject
    {
        ["number"] = answer.Number,
        ["position"] = answer.Position,
        ["outcome"] = answer.Outcome.ToString(),
        ["rule"] = answer.Rule,
        ["text"] = answer.Text,
        ["advice"] = answer.Advice,
        ["supersedes"] = answer.Supersedes,
        ["invoice"] = answer.Invoice,
        ["message"] = answer.MessageId,
    };

    private static string ForPeople(StoredAnswer answer) =>
        $"PARKED entry {answer.Position}, {answer.Invoice}: {(answer.Outcome == VerdictOutcomeKind.Rejected ? "rejected" : "not judged")} ({answer.Rule}): "
        + answer.Text + (answer.Advice.Length == 0 ? string.Empty : $"; what to do: {answer.Advice}");
}

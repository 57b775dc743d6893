using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Invoicing.Authority.Audit;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Ledger.Sqlite;
using Invoicing.Chain;
using Invoicing.Signing;
using Invoicing.Sqlite;

namespace Invoicing.Authority.Commands;

/// <summary><c>verify</c>: reads everything again.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        Option<string> data = AuthorityCommand.DataOption();
        Option<bool> json = AuthorityCommand.JsonOption();
        var every = new Option<bool>("--every-signature") { Description = "check each entry's signature, not the last of each chain in each commit" };
        var command = new Command("verify", "read the whole ledger again and check it; beside a running server its log grows meanwhile") { data, every, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var folder = new AuthorityFolder(parsed.GetValue(data)!);
            using SoftwareSigner signer = CertificateAuthority.LoadWatermarkKey(folder);
            using var anchor = VerifyingKey.Import(signer.PublicKey.Span);
            using var reader = SqliteAuditReader.Open(folder.Ledger);
            AuditReport report = LedgerAudit.Run(
                reader, [anchor], parsed.GetValue(every) ? SignatureDepth.Every : SignatureDepth.LastOfRun, cancellationToken);
            Console.WriteLine(parsed.GetValue(json) ? ToJson(report) : ToText(report));
            return Task.FromResult(report.Faults.Count == 0 ? AuthorityExit.Ok : AuthorityExit.Found);
        });
        return command;
    }

    private static string ToText(AuditReport report)
    {
        var text = new StringBuilder();
        foreach (string fault in report.Faults)
        {
            text.AppendLine(fault);
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"{(report.Faults.Count == 0 ? "sound" : "NOT SOUND")}: {report.Entries} entries of {report.Chains} chains in {report.Commits} commits, {report.Verdicts} verdicts, SQLite {SqliteFile.Version}");
        return text.ToString();
    }

    private static string ToJson(AuditReport report)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("sound", report.Faults.Count == 0);
            writer.WriteNumber("entries", report.Entries);
            writer.WriteNumber("chains", report.Chains);
            writer.WriteNumber("commits", report.Commits);
            writer.WriteNumber("verdicts", report.Verdicts);
            writer.WriteString("sqlite_version", SqliteFile.Version);
            writer.WriteStartArray("faults");
            foreach (string fault in report.Faults)
            {
                writer.WriteStringValue(fault);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}

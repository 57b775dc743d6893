using System.CommandLine;
using Invoicing.Gateway.Journal;

namespace Invoicing.Edge.Commands;

/// <summary><c>export</c>: streams a journal's entries as JSON lines.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        Option<string> journal = EdgeOptions.Journal();
        var from = new Option<long>("--from") { Description = "First position.", DefaultValueFactory = _ => 1 };
        var output = new Option<string?>("--out") { Description = "File to write; absent: standard output.", HelpName = "FILE" };
        var command = new Command("export", "Writes entries as JSON lines: signed bytes, hash, signature and what an invoice says.")
        {
            journal, from, output,
        };
        command.Run(async (parsed, cancellationToken) =>
        {
            long first = parsed.GetValue(from);
            if (first < 1)
            {
                throw new InvoicingException($"option '--from': expected a position of 1 or more, found {first}");
            }

            Stream stream = parsed.GetValue(output) is { } path ? File.Create(path) : Console.OpenStandardOutput();
            await using (stream)
            {
                await JournalExport.WriteAsync(parsed.GetRequiredValue(journal), stream, first, cancellationToken);
            }

            return ExitCode.Done;
        });
        return command;
    }
}

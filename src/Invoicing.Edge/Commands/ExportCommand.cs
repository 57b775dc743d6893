using System.CommandLine;
using Invoicing.Edge.National;
using Invoicing.Edge.Settings;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Keys;

namespace Invoicing.Edge.Commands;

/// <summary><c>export</c>: streams a journal's entries as JSON lines, or its invoices as signed messages in the law's file.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        NationalOptions options = new();
        var format = new Option<string>("--format") { Description = "json: entries; xml: signed messages 206 for the authority.", DefaultValueFactory = _ => "json" };
        format.AcceptOnlyFromAmong("json", "xml");
        var from = new Option<long>("--from") { Description = "First position.", DefaultValueFactory = _ => 1 };
        var to = new Option<long>("--to") { Description = "xml: last position.", DefaultValueFactory = _ => long.MaxValue };
        var again = new Option<bool>("--again") { Description = "xml: also what was sent before and is not in order." };
        var output = new Option<string?>("--out") { Description = "json: file to write, absent: standard output; xml: folder.", HelpName = "FILE" };
        Option<bool> json = EdgeOptions.Json();
        var command = new Command("export", "Writes entries as JSON lines (signed bytes, hash, signature and what an invoice says), or invoices for the authority.")
        {
            format, from, to, again, output, json,
        };
        options.AddTo(command);
        command.Run(async (parsed, cancellationToken) =>
        {
            long first = parsed.GetValue(from);
            if (first < 1)
            {
                throw new InvoicingException($"option '--from': expected a position of 1 or more, found {first}");
            }

            (string journal, NationalSettings national, KeyOptions keys) = options.Read(parsed);
            if (parsed.GetValue(format) == "xml")
            {
                ExportedMessages made = ToXml(
                    journal, national, keys, parsed.GetValue(output), first, parsed.GetValue(to), parsed.GetValue(again), cancellationToken);
                await NationalText.TellAsync(made, parsed.GetValue(json), parsed.InvocationConfiguration.Output);
                return made.LeftOut.Count == 0 ? ExitCode.Done : ExitCode.Unsound;
            }

            Stream stream = parsed.GetValue(output) is { } path ? File.Create(path) : Console.OpenStandardOutput();
            await using (stream)
            {
                await JournalExport.WriteAsync(journal, stream, first, cancellationToken);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static ExportedMessages ToXml(
        string journal, NationalSettings national, KeyOptions keys, string? output, long from, long to, bool again, CancellationToken cancellationToken)
    {
        string folder = output ?? national.Out
            ?? throw new InvoicingException("expected option '--out', or 'out' in the settings' section 'national', found neither");
        using var seller = SellerKey.Open(national, keys, TimeProvider.System);
        return new NationalExport(journal, national, folder, seller.Key, TimeProvider.System).Run(from, to, again, cancellationToken);
    }
}

using System.CommandLine;
using Invoicing.Edge.National;

namespace Invoicing.Edge.Commands;

/// <summary><c>national</c>: what was made for the authority, what it said, and what is parked and why.</summary>
internal static class NationalCommand
{
    public static Command Create()
    {
        NationalOptions options = new();
        Option<bool> json = EdgeOptions.Json();
        var command = new Command("national", "Says what was made for the authority, what it answered, and what is parked and why.") { json };
        options.AddTo(command);
        command.Run(async (parsed, cancellationToken) =>
        {
            (string journal, _, _) = options.Read(parsed);
            cancellationToken.ThrowIfCancellationRequested();
            using var store = SubmissionStore.OpenReader(journal);
            await NationalText.TellAsync(store, parsed.GetValue(json), parsed.InvocationConfiguration.Output);
            return ExitCode.Done;
        });
        return command;
    }
}

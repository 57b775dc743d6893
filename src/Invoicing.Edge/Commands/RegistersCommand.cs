using System.CommandLine;
using Invoicing.Edge.Control;
using Invoicing.Edge.Settings;

namespace Invoicing.Edge.Commands;

/// <summary><c>registers</c>: a person's decisions about register lines, taken by the running service and noted in the chain.</summary>
internal static class RegistersCommand
{
    public static Command Create() => new("registers", "Decides about register lines; the running service notes it in the chain.")
    {
        Decision("release", "Opens the line of a register again that was stopped by a conflict.", withEpoch: true),
        Decision("new", "States that a register is new, so that the authority need not be asked for its history.", withEpoch: false),
    };

    private static Command Decision(string verb, string description, bool withEpoch)
    {
        Option<string> config = EdgeOptions.Config();
        var serial = new Argument<string>("serial") { Description = "The register's serial." };
        var reason = new Option<string>("--reason") { Description = "Why; it stands in the chain.", Required = true };
        var epoch = new Option<string>("--epoch") { Description = "Epoch of its journal (hexadecimal), as 'status' shows it.", Required = true };
        var command = new Command(verb, description) { serial, config, reason };
        if (withEpoch)
        {
            command.Add(epoch);
        }

        command.Run(async (parsed, cancellationToken) =>
        {
            var settings = EdgeSettings.Load(parsed.GetRequiredValue(config));
            string said = await ControlClient.DecideAsync(
                settings.Control, verb, parsed.GetRequiredValue(serial), withEpoch ? parsed.GetRequiredValue(epoch) : null,
                parsed.GetRequiredValue(reason), cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(said.AsMemory(), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }
}

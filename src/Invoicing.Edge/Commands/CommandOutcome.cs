using System.CommandLine;

namespace Invoicing.Edge.Commands;

/// <summary>Runs a command's work and turns faults of the world into one line on the error output and an exit code.</summary>
internal static class CommandOutcome
{
    public static void Run(this Command command, Func<ParseResult, CancellationToken, Task<int>> work)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return await work(parsed, cancellationToken);
            }
            catch (InvoicingException fault)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(fault.Message.AsMemory(), CancellationToken.None);
                return ExitCode.BadSettings;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return ExitCode.Done;
            }
        });
    }
}

using System.CommandLine;
using Grpc.Core;

namespace Invoicing.Authority.Commands;

/// <summary>The program's commands.</summary>
internal static class AuthorityCommand
{
    /// <summary>Runs what the arguments ask for.</summary>
    /// <returns>An exit code of <see cref="AuthorityExit"/>.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("""
            The tax authority's server: takes the chains of devices, keeps them, and shows them to followers.
            Exit codes: 0 done; 1 verify or feed --verify found something that does not hold; 2 arguments, configuration or files are not as
            they must be, acts verify found acts that are not as they were signed; 3 the disk failed while writing; 4 a peer could not be reached, or refused.
            """)
        {
            RunCommand.Create(), CaCommand.Create(), DevicesCommand.Create(), InvitationsCommand.Create(), FollowersCommand.Create(),
            OperatorsCommand.Create(), ActsCommand.Create(), FeedCommand.Create(), VerifyCommand.Create(),
        };
        try
        {
            ParseResult parsed = root.Parse(args);
            int code = await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
            return parsed.Errors.Count > 0 ? AuthorityExit.Usage : code;
        }
        catch (OperationCanceledException)
        {
            return AuthorityExit.Ok; // Ctrl-C
        }
        catch (RpcException fault) when (fault.StatusCode == StatusCode.Cancelled)
        {
            return AuthorityExit.Ok; // Ctrl-C in a call
        }
        catch (RpcException fault)
        {
            await Console.Error.WriteLineAsync($"authority: {fault.StatusCode}: {fault.Status.Detail}");
            return AuthorityExit.Peer;
        }
        catch (Exception fault) when (fault is InvoicingException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"authority: {fault.Message}");
            return AuthorityExit.Usage;
        }
    }

    /// <summary>The option that all commands on a folder have.</summary>
    public static Option<string> DataOption() => new("--data") { Description = "the authority's folder", Required = true };

    /// <summary>The option of all commands that a script may call.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "write JSON" };
}

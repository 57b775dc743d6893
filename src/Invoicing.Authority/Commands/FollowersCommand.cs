using System.CommandLine;
using System.Text.Json.Nodes;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Enrolment.Registry;

namespace Invoicing.Authority.Commands;

/// <summary><c>followers</c>: officials who follow the ledger.</summary>
internal static class FollowersCommand
{
    public static Command Create() => new("followers", "let officials follow the feed, say how far, list them and put them out; works beside a running server")
    {
        Add(), Scope(), ClientsCommand.List(ClientRole.Follower), ClientsCommand.Remove(ClientRole.Follower),
    };

    private static Command Add()
    {
        Option<string> scope = ScopeOption();
        return ClientsCommand.Add(ClientRole.Follower, scope, "let a follower in: certificate, bundle");
    }

    private static Command Scope()
    {
        Option<string> data = AuthorityCommand.DataOption();
        var name = new Argument<string>("name") { Description = "name of the follower" };
        Option<string> scope = ScopeOption();
        scope.Required = true;
        var command = new Command("scope", "change what a follower may see; its open streams end, and it follows again") { name, scope, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            JsonObject answer = await new RegistryDoor(new(parsed.GetValue(data)!), TimeProvider.System).SendAsync(
                new RegistryCommand.SetScope(parsed.GetValue(name)!, parsed.GetValue(scope)!), cancellationToken);
            Console.WriteLine($"follower '{answer["name"]}' may see: {answer["scope"]}");
            return AuthorityExit.Ok;
        });
        return command;
    }

    private static Option<string> ScopeOption() => new("--scope")
    {
        Description = "whose entries: 'all', or tax codes of sellers with commas",
        DefaultValueFactory = _ => "all",
    };
}

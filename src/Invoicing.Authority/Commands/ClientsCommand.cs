using System.CommandLine;
using System.Text.Json.Nodes;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Chain;

namespace Invoicing.Authority.Commands;

/// <summary>What is the same for followers and operators.</summary>
internal static class ClientsCommand
{
    /// <summary><c>add</c>.</summary>
    public static Command Add(ClientRole role, Option<string> scope, string description)
    {
        Option<string> data = AuthorityCommand.DataOption();
        string word = AuthorityRegistry.WordOf(role);
        var name = new Option<string>("--name") { Description = $"name of the {word}, 1 to 64 characters A-Z a-z 0-9 . _ -", Required = true };
        Option<string> output = BundleFile.OutOption();
        var command = new Command("add", description) { data, name, scope, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string path = BundleFile.RequireNew(parsed.GetValue(output)!);
            ClientBundle bundle = await new ClientEnroller(new(parsed.GetValue(data)!), TimeProvider.System).AddClientAsync(
                role, parsed.GetValue(name)!, parsed.GetValue(scope)!, cancellationToken);
            BundleFile.Write(path, bundle);
            Console.WriteLine($"{path}: bundle of {word} '{bundle.Name}'; hand it over in secret, it is the only copy");
            return AuthorityExit.Ok;
        });
        return command;
    }

    /// <summary><c>list</c>.</summary>
    public static Command List(ClientRole role)
    {
        Option<string> data = AuthorityCommand.DataOption();
        Option<bool> json = AuthorityCommand.JsonOption();
        var command = new Command("list", $"list the {AuthorityRegistry.WordOf(role)}s") { data, json };
        command.SetAction(parsed =>
        {
            ClientText.Write(AuthorityRegistry.Read(new(parsed.GetValue(data)!), q => q.List(role)), parsed.GetValue(json));
            return AuthorityExit.Ok;
        });
        return command;
    }

    /// <summary><c>remove</c>.</summary>
    public static Command Remove(ClientRole role)
    {
        Option<string> data = AuthorityCommand.DataOption();
        string word = AuthorityRegistry.WordOf(role);
        var name = new Argument<string>("name") { Description = $"name of the {word}" };
        var reason = new Option<string>("--reason") { Description = "why, at most 200 characters; the caller is told", Required = true };
        var command = new Command("remove", $"put a {word} out; its open streams end") { name, reason, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            JsonObject answer = await new RegistryDoor(new(parsed.GetValue(data)!), TimeProvider.System).SendAsync(
                new RegistryCommand.RemoveClient(role, parsed.GetValue(name)!, parsed.GetValue(reason)!), cancellationToken);
            Console.WriteLine($"{word} '{answer["name"]}' is out");
            return AuthorityExit.Ok;
        });
        return command;
    }
}

using System.CommandLine;
using Invoicing.Authority.Enrolment;
using Invoicing.Chain;

namespace Invoicing.Authority.Commands;

/// <summary><c>followers add</c> and <c>followers list</c>.</summary>
internal static class FollowersCommand
{
    public static Command Create() => new("followers", "let followers of the feed in and list them; works beside a running server") { Add(), List() };

    private static Command Add()
    {
        Option<string> data = AuthorityCommand.DataOption();
        var name = new Option<string>("--name") { Description = "name of the follower, 1 to 64 characters A-Z a-z 0-9 . _ -", Required = true };
        var output = new Option<string>("--out") { Description = "file for the bundle; it holds the follower's private key and is made once", Required = true };
        var command = new Command("add", "let a follower in: certificate, bundle") { data, name, output };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(output)!;
            if (File.Exists(path))
            {
                throw new InvoicingException($"--out: expected a file that is not there yet, found {path}");
            }

            ClientBundle bundle = new ClientEnroller(new(parsed.GetValue(data)!), TimeProvider.System).AddFollower(parsed.GetValue(name)!);
            DurableFile.Write(path, bundle.ToJson());
            Console.WriteLine($"{path}: bundle of follower '{bundle.Name}'; hand it over in secret, it is the only copy");
            return AuthorityExit.Ok;
        });
        return command;
    }

    private static Command List()
    {
        Option<string> data = AuthorityCommand.DataOption();
        Option<bool> json = AuthorityCommand.JsonOption();
        var command = new Command("list", "list the followers") { data, json };
        command.SetAction(parsed =>
        {
            ClientText.Write(new ClientRegistry(new(parsed.GetValue(data)!)).List(ClientRole.Follower), parsed.GetValue(json));
            return AuthorityExit.Ok;
        });
        return command;
    }
}

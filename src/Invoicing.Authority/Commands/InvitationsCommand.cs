using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Invoicing.Authority.Enrolment.Registry;

namespace Invoicing.Authority.Commands;

/// <summary><c>invitations</c>: lists activation codes and withdraws them.</summary>
internal static class InvitationsCommand
{
    public static Command Create() => new("invitations", "list activation codes that were made, and withdraw them; works beside a running server") { List(), Withdraw() };

    private static Command List()
    {
        Option<string> data = AuthorityCommand.DataOption();
        Option<bool> json = AuthorityCommand.JsonOption();
        var command = new Command("list", "list the invitations, the newest first; codes are not kept and not shown") { data, json };
        command.SetAction(parsed =>
        {
            IReadOnlyList<Invitation> invitations = AuthorityRegistry.Read(new(parsed.GetValue(data)!), q => q.Invitations());
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            if (parsed.GetValue(json))
            {
                Console.WriteLine(new JsonArray([.. invitations.Select(i => (JsonNode)ToJson(i, now))]).ToJsonString());
                return AuthorityExit.Ok;
            }

            foreach (Invitation invitation in invitations)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{invitation.Name}  {invitation.StateAt(now)}  made {invitation.MadeAt:u}  until {invitation.ExpiresAt:u}  {invitation.Terms.TaxCode}"));
            }

            return AuthorityExit.Ok;
        });
        return command;
    }

    private static Command Withdraw()
    {
        Option<string> data = AuthorityCommand.DataOption();
        var name = new Argument<string>("name") { Description = "name that the device was to have" };
        var command = new Command("withdraw", "withdraw the open invitation of a name") { name, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            JsonObject answer = await new RegistryDoor(new(parsed.GetValue(data)!), TimeProvider.System).SendAsync(
                new RegistryCommand.Withdraw(parsed.GetValue(name)!), cancellationToken);
            Console.WriteLine($"invitation of '{answer["name"]}' is withdrawn");
            return AuthorityExit.Ok;
        });
        return command;
    }

    private static JsonObject ToJson(Invitation invitation, DateTimeOffset now) => new()
    {
        ["name"] = invitation.Name,
        ["state"] = invitation.StateAt(now),
        ["made_at"] = invitation.MadeAt,
        ["expires_at"] = invitation.ExpiresAt,
        ["tax_code"] = invitation.Terms.TaxCode,
    };
}

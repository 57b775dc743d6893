using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Chain;

namespace Invoicing.Authority.Commands;

/// <summary><c>devices</c>: invites devices, enrols them by bundle, lists them, and says where they stand.</summary>
internal static class DevicesCommand
{
    public static Command Create() => new("devices", "invite and enrol devices, list them, suspend and revoke them; works beside a running server")
    {
        Invite(), Add(), List(), Show(),
        Standing("suspend", "keep a device out until it is resumed; it may renew its certificate meanwhile", ClientStanding.Suspended),
        Standing("resume", "let a suspended device in again", ClientStanding.Active),
        Standing("revoke", "put a device out for good: lost, stolen, not trusted any more", ClientStanding.Revoked),
        Standing("retire", "put a device out for good, in good order: out of use", ClientStanding.Retired),
    };

    private static Command Invite()
    {
        Option<string> data = AuthorityCommand.DataOption();
        Option<bool> json = AuthorityCommand.JsonOption();
        var name = new Option<string>("--name") { Description = "name that the device will have; the authority chooses one if not given", DefaultValueFactory = _ => string.Empty };
        var valid = new Option<string>("--valid") { Description = "how long the code may be used, such as 30m, 12h or 7d; at most 90d", DefaultValueFactory = _ => "7d" };
        var succeeds = new Option<string?>("--succeeds") { Description = "name of the device that the new one replaces; it is retired as the code is used" };
        var terms = new DeviceOptions(DeviceRequest.DefaultCertificateDays);
        var command = new Command("invite", "make a one-time activation code for a device") { data, name, valid, succeeds, json };
        terms.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = new AuthorityFolder(parsed.GetValue(data)!);
            JsonObject answer = await new RegistryDoor(folder, TimeProvider.System).SendAsync(
                new RegistryCommand.Invite(terms.Read(parsed, parsed.GetValue(name)!), SecondsOf(parsed.GetValue(valid)!), parsed.GetValue(succeeds)),
                cancellationToken);
            Console.WriteLine(parsed.GetValue(json) ? answer.ToJsonString() : string.Create(CultureInfo.InvariantCulture, $"""
                device '{answer["name"]}' may be enrolled once, until {answer["expires_at"]!.GetValue<DateTimeOffset>():u}; the code is not shown again:

                  {answer["code"]}

                at the till: edge enrol --config edge.json --authority https://HOST:5443 {answer["code"]}
                """));
            return AuthorityExit.Ok;
        });
        return command;
    }

    private static Command Add()
    {
        Option<string> data = AuthorityCommand.DataOption();
        Option<bool> json = AuthorityCommand.JsonOption();
        var name = new Option<string>("--name") { Description = "name of the device, 1 to 64 characters A-Z a-z 0-9 . _ -", Required = true };
        Option<string> output = BundleFile.OutOption();
        var terms = new DeviceOptions(DeviceRequest.MaxCertificateDays);
        var command = new Command("add", "enrol a device without a network: certificate, ranges, enrolment, bundle") { data, name, output, json };
        terms.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string path = BundleFile.RequireNew(parsed.GetValue(output)!);
            var folder = new AuthorityFolder(parsed.GetValue(data)!);
            DeviceTerms wanted = terms.Read(parsed, parsed.GetValue(name)!);
            ClientBundle bundle = await new ClientEnroller(folder, TimeProvider.System).AddAsync(wanted, cancellationToken);
            BundleFile.Write(path, bundle);
            var grant = EnrolmentGrant.Read(bundle.Enrolment);
            Console.WriteLine(parsed.GetValue(json)
                ? ClientText.ToJson(AuthorityRegistry.Read(folder, q => new[] { q.Device(grant.Id)! }))
                : $"{path}: bundle of device '{bundle.Name}', codes {grant.Codes[0]}, numbers {grant.Numbers[0]}; hand it over in secret, it is the only copy");
            return AuthorityExit.Ok;
        });
        return command;
    }

    private static Command List()
    {
        Option<string> data = AuthorityCommand.DataOption();
        Option<bool> json = AuthorityCommand.JsonOption();
        var command = new Command("list", "list the devices, where they stand and when their certificates end") { data, json };
        command.SetAction(parsed =>
        {
            ClientText.Write(AuthorityRegistry.Read(new(parsed.GetValue(data)!), q => q.List(ClientRole.Device)), parsed.GetValue(json));
            return AuthorityExit.Ok;
        });
        return command;
    }

    private static Command Show()
    {
        Option<string> data = AuthorityCommand.DataOption();
        Option<bool> json = AuthorityCommand.JsonOption();
        var name = new Argument<string>("name") { Description = "name of the device" };
        var command = new Command("show", "show one device") { name, data, json };
        command.SetAction(parsed =>
        {
            string wanted = parsed.GetValue(name)!;
            IReadOnlyList<RegisteredClient> found = AuthorityRegistry.Read(new(parsed.GetValue(data)!), q => q.Named(ClientRole.Device, wanted));
            if (found.Count == 0)
            {
                throw new InvoicingException($"expected a device, found none named '{wanted}': see 'authority devices list'");
            }

            ClientText.Show(found, parsed.GetValue(json));
            return AuthorityExit.Ok;
        });
        return command;
    }

    private static Command Standing(string verb, string description, ClientStanding to)
    {
        Option<string> data = AuthorityCommand.DataOption();
        Option<bool> json = AuthorityCommand.JsonOption();
        var name = new Argument<string>("name") { Description = "name of the device, or the digits of its enrolment" };
        var reason = new Option<string>("--reason") { Description = "why, at most 200 characters; the device is told", Required = true };
        var command = new Command(verb, description) { name, reason, data, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            JsonObject answer = await new RegistryDoor(new(parsed.GetValue(data)!), TimeProvider.System).SendAsync(
                new RegistryCommand.SetStanding(parsed.GetValue(name)!, to, parsed.GetValue(reason)!), cancellationToken);
            Console.WriteLine(parsed.GetValue(json) ? answer.ToJsonString() : $"device '{answer["name"]}' is {answer["standing"]}");
            return AuthorityExit.Ok;
        });
        return command;
    }

    private static long SecondsOf(string text)
    {
        long unit = text.Length < 2 ? 0 : text[^1] switch { 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 };
        return unit > 0 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is > 0 and < 1_000_000
            ? count * unit
            : throw new InvoicingException($"--valid: expected a number with m, h or d, such as 12h, found '{text}'");
    }
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Grpc.Net.Client;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Authority.Feed;
using Invoicing.Protos.V1;

namespace Invoicing.Authority.Commands;

/// <summary><c>operators</c>: a seller's own people, who see its devices and follow its entries.</summary>
internal static class OperatorsCommand
{
    public static Command Create() => new("operators", "let a seller's operators in, list them and put them out; works beside a running server")
    {
        ClientsCommand.Add(
            ClientRole.Operator, new Option<string>("--seller") { Description = "the seller's tax code", Required = true }, "let an operator in: certificate, bundle"),
        ClientsCommand.List(ClientRole.Operator),
        ClientsCommand.Remove(ClientRole.Operator),
        Devices(),
    };

    private static Command Devices()
    {
        var address = new Option<string>("--address") { Description = "the authority, such as https://127.0.0.1:5443", Required = true };
        var bundle = new Option<string>("--bundle") { Description = "bundle of the operator, from 'operators add'", Required = true };
        Option<bool> json = AuthorityCommand.JsonOption();
        var command = new Command("devices", "ask an authority, as an operator, for the devices of one's own seller") { address, bundle, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (!Uri.TryCreate(parsed.GetValue(address), UriKind.Absolute, out Uri? uri) || uri.Scheme != Uri.UriSchemeHttps)
            {
                throw new InvoicingException($"--address: expected https://HOST:PORT, found '{parsed.GetValue(address)}'");
            }

            using GrpcChannel channel = BundleChannel.Open(uri, BundleChannel.Read(parsed.GetValue(bundle)!));
            var client = new OperatorService.OperatorServiceClient(channel);
            var request = new ListDevicesRequest();
            ListDevicesResponse page;
            do
            {
                page = await client.ListDevicesAsync(request, cancellationToken: cancellationToken);
                foreach (SellerDevice device in page.Devices)
                {
                    Console.WriteLine(parsed.GetValue(json) ? ToJson(device).ToJsonString() : ToText(device));
                    request.After = device.Enrolment;
                }
            }
            while (page.More);
            return AuthorityExit.Ok;
        });
        return command;
    }

    private static string ToText(SellerDevice device) => string.Create(
        CultureInfo.InvariantCulture,
        $"{device.Name}  {AuthorityRegistry.Word((ClientStanding)device.Standing)}  certificate until {DateTimeOffset.FromUnixTimeMilliseconds(device.CertificateEnd):u}  position {device.Position}  {device.Reason}").TrimEnd();

    private static JsonObject ToJson(SellerDevice device) => new()
    {
        ["name"] = device.Name,
        ["enrolment_id"] = Convert.ToHexStringLower(device.Enrolment.Span),
        ["standing"] = AuthorityRegistry.Word((ClientStanding)device.Standing),
        ["reason"] = device.Reason,
        ["since"] = DateTimeOffset.FromUnixTimeMilliseconds(device.Since),
        ["certificate_end"] = DateTimeOffset.FromUnixTimeMilliseconds(device.CertificateEnd),
        ["chain"] = Convert.ToHexStringLower(device.Chain.Span),
        ["position"] = device.Position,
    };
}

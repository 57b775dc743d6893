using System.CommandLine;
using System.Globalization;
using Invoicing.Authority.Enrolment;
using Invoicing.Chain;
using Invoicing.Invoices;

namespace Invoicing.Authority.Commands;

/// <summary><c>devices add</c> and <c>devices list</c>.</summary>
internal static class DevicesCommand
{
    public static Command Create() => new("devices", "enrol devices and list them; works beside a running server") { Add(), List() };

    private static Command Add()
    {
        Option<string> data = AuthorityCommand.DataOption();
        Option<bool> json = AuthorityCommand.JsonOption();
        var name = new Option<string>("--name") { Description = "name of the device, 1 to 64 characters A-Z a-z 0-9 . _ -", Required = true };
        var taxCode = new Option<string>("--tax-code") { Description = "the seller's tax code (MST)", Required = true };
        var sellerName = new Option<string>("--seller-name") { Description = "the seller's registered name", Required = true };
        var address = new Option<string>("--address") { Description = "the seller's registered address", Required = true };
        var place = new Option<string>("--place") { Description = "code of the business location", DefaultValueFactory = _ => string.Empty };
        var block = new Option<string>("--block") { Description = "five characters A-Z 0-9 of the authority codes", Required = true };
        var series = new Option<string?>("--series") { Description = "series of the invoices; C, this year, MAA if not given" };
        var codes = new Option<int>("--codes") { Description = "how many codes to grant", DefaultValueFactory = _ => DeviceRequest.DefaultCodes };
        var numbers = new Option<int>("--numbers") { Description = "how many invoice numbers to grant", DefaultValueFactory = _ => DeviceRequest.DefaultNumbers };
        var kind = new Option<int>("--kind") { Description = "kind of the invoices: 1 VAT, 2 sales", DefaultValueFactory = _ => 1 };
        var output = new Option<string>("--out") { Description = "file for the bundle; it holds the device's private key and is made once", Required = true };
        var command = new Command("add", "enrol a device: certificate, ranges, enrolment, bundle")
        {
            data, name, taxCode, sellerName, address, place, block, series, codes, numbers, kind, output, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string path = parsed.GetValue(output)!;
            if (File.Exists(path))
            {
                throw new InvoicingException($"--out: expected a file that is not there yet, found {path}");
            }

            var request = new DeviceRequest
            {
                Name = parsed.GetValue(name)!,
                Seller = new(
                    TaxCode.TryParse(parsed.GetValue(taxCode), out TaxCode code)
                        ? code
                        : throw new InvoicingException($"--tax-code: expected 10 digits, 10 digits '-' 3 digits, or 12 digits, found '{parsed.GetValue(taxCode)}'"),
                    parsed.GetValue(sellerName)!, parsed.GetValue(address)!, parsed.GetValue(place)!),
                Block = parsed.GetValue(block)!,
                Series = Series(parsed.GetValue(series)),
                Codes = parsed.GetValue(codes),
                Numbers = parsed.GetValue(numbers),
                Kind = parsed.GetValue(kind) is >= 1 and <= 9
                    ? (InvoiceKind)parsed.GetValue(kind)
                    : throw new InvoicingException($"--kind: expected 1 to 9, found {parsed.GetValue(kind)}"),
            };
            var folder = new AuthorityFolder(parsed.GetValue(data)!);
            ClientBundle bundle = await new ClientEnroller(folder, TimeProvider.System).AddDeviceAsync(request, cancellationToken);
            DurableFile.Write(path, bundle.ToJson());
            var grant = EnrolmentGrant.Read(bundle.Enrolment);
            Console.WriteLine(parsed.GetValue(json)
                ? ClientText.ToJson([(bundle.Name, ClientRole.Device, grant.CertificateHash.ToString(), DateTimeOffset.FromUnixTimeMilliseconds(grant.EnrolledAt), grant)])
                : $"{path}: bundle of device '{bundle.Name}', codes {grant.Codes[0]}, numbers {grant.Numbers[0]}; hand it over in secret, it is the only copy");
            return AuthorityExit.Ok;
        });
        return command;
    }

    private static Command List()
    {
        Option<string> data = AuthorityCommand.DataOption();
        Option<bool> json = AuthorityCommand.JsonOption();
        var command = new Command("list", "list the devices") { data, json };
        command.SetAction(parsed =>
        {
            ClientText.Write(new ClientRegistry(new(parsed.GetValue(data)!)).List(ClientRole.Device), parsed.GetValue(json));
            return AuthorityExit.Ok;
        });
        return command;
    }

    private static InvoiceSeries? Series(string? text) => text is null ? null
        : InvoiceSeries.TryParse(text, out InvoiceSeries series) ? series
        : throw new InvoicingException(string.Create(CultureInfo.InvariantCulture, $"--series: expected a series such as C26MAA, found '{text}'"));
}

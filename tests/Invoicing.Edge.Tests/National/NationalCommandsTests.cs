using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Invoicing.Edge.Commands;
using Invoicing.NationalXml.Messages;
using Invoicing.Testing;

namespace Invoicing.Edge.Tests.National;

public sealed class NationalCommandsTests : IDisposable
{
    private readonly ShopJournal _shop = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public async Task Export_import_and_list_go_by_the_section_of_the_configuration()
    {
        await _shop.RecordAsync(4);
        string config = Configuration("""
            , "national": {
                "sender": "V0107001729", "receiver": "TCT", "certificate": "seller.p12", "password_file": "password", "out": "out",
                "profiles": [ { "from": "2025-06-01", "version": "2.1.0" }, { "from": "2026-07-01", "version": "2.1.1" } ] }
            """);

        (int code, string output, _) = await RunAsync(ExportCommand.Create(), "--format", "xml", "--config", config, "--json");
        Assert.Equal(0, code);
        JsonNode message = Assert.Single(JsonNode.Parse(output)!["messages"]!.AsArray())!;
        Assert.Equal(4, (int)message["invoices"]!);
        var read = InvoiceMessage.Read(File.ReadAllBytes((string)message["file"]!));
        Assert.Equal("2.1.1", read.Envelope["PBan"]);
        Assert.EndsWith("đồng", read.Invoices[0].Totals["TgTTTBChu"], StringComparison.Ordinal);
        Assert.StartsWith("000201", read.Invoices[0].QrCode, StringComparison.Ordinal);

        string response = _shop.PathOf("204.xml");
        string series = read.Invoices[0].General["KHHDon"]!;
        File.WriteAllText(response, $"<TDiep><TTChung><MLTDiep>204</MLTDiep><MTDiep>T1</MTDiep><MTDTChieu>{message["message"]}</MTDTChieu></TTChung><DLieu><TBao><DLTBao><LTBao>7</LTBao><LHDMTTien><DSLDo><LDo><MLoi>1001</MLoi><MTLoi>1;{series};2;Sai tổng tiền</MTLoi><HDXLy>Lập hóa đơn thay thế</HDXLy></LDo></DSLDo></LHDMTTien></DLTBao></TBao></DLieu></TDiep>");
        (code, output, _) = await RunAsync(ImportResponseCommand.Create(), response, "--config", config);
        Assert.Equal(0, code);
        Assert.Contains("3 accepted, 1 parked", output, StringComparison.Ordinal);
        (_, output, _) = await RunAsync(ImportResponseCommand.Create(), response, "--config", config);
        Assert.Contains("was imported before; nothing was changed", output, StringComparison.Ordinal);

        (_, output, _) = await RunAsync(NationalCommand.Create(), "--config", config);
        Assert.Contains("1 message(s): 3 accepted, 0 waiting, 1 parked, 0 left out", output, StringComparison.Ordinal);
        Assert.Contains($"{series} 2: rejected (204/7/1001): Sai tổng tiền; what to do: Lập hóa đơn thay thế", output, StringComparison.Ordinal);
        (_, output, _) = await RunAsync(NationalCommand.Create(), "--journal", _shop.Journal, "--json");
        Assert.Equal("Sai tổng tiền", (string?)JsonNode.Parse(output)!["parked"]![0]!["text"]);
    }

    [Fact]
    public async Task Options_are_enough_without_a_configuration()
    {
        await _shop.RecordAsync(2);

        (int code, string output, string error) = await RunAsync(
            ExportCommand.Create(), "--format", "xml", "--journal", _shop.Journal, "--profile", "2.1.0", "--from", "3", "--to", "3", "--out", _shop.Out,
            "--certificate", _shop.CertificatePath, "--password-file", _shop.PasswordPath, "--sender", "0107001729", "--receiver", "0100109106");

        Assert.True(code == 0, error);
        Assert.Contains("1 message(s), 1 invoice(s), 0 left out, 0 in messages already", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_stays_the_default()
    {
        await _shop.RecordAsync(1);

        (int code, _, _) = await RunAsync(ExportCommand.Create(), "--journal", _shop.Journal, "--out", _shop.PathOf("entries.json"));

        Assert.Equal(0, code);
        Assert.StartsWith("{\"format\":\"invoicing/journal-export/1\"", File.ReadAllText(_shop.PathOf("entries.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--format xml", "expected option '--journal' or '--config', found neither")]
    [InlineData("--format xml --journal J", "expected option '--out', or 'out' in the settings' section 'national', found neither")]
    [InlineData("--format xml --journal J --out O", "expected option '--certificate', or 'certificate' in the settings' section 'national', found neither")]
    [InlineData("--format xml --journal J --out O --profile 9", "expected a format version 2.0.1, 2.1.0, 2.1.1, found '9'")]
    [InlineData("--format xml --journal J --out O --certificate none.p12", "none.p12: the certificate or its password cannot be read")]
    public async Task What_is_missing_is_named(string arguments, string says)
    {
        (int code, _, string error) = await RunAsync(ExportCommand.Create(), arguments.Split(' '));

        Assert.Equal(1, code);
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_told()
    {
        await _shop.RecordAsync(1);
        File.WriteAllText(_shop.PasswordPath, "other");

        (int code, _, string error) = await RunAsync(
            ExportCommand.Create(), "--format", "xml", "--journal", _shop.Journal, "--out", _shop.Out, "--certificate", _shop.CertificatePath,
            "--password-file", _shop.PasswordPath, "--sender", "0107001729", "--receiver", "TCT");

        Assert.Equal(1, code);
        Assert.Contains("expected a PKCS#12 file with certificate and key, and its password in the password file", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"sendr\": \"x\"", "key 'national.sendr': expected one of the keys")]
    [InlineData("\"profiles\": [ { \"from\": \"2026-07-01\", \"version\": \"3\" } ]", "key 'national.profiles[0].version': expected one of 2.0.1, 2.1.0, 2.1.1, found '3'")]
    [InlineData("\"profiles\": [ { \"from\": \"July\", \"version\": \"2.1.1\" } ]", "key 'national.profiles[0].from': expected a date")]
    [InlineData("\"place\": \"Hà Nội\"", "expected tax_office_code, tax_office_name and place together")]
    public async Task A_wrong_section_is_named_with_its_key(string keys, string says)
    {
        string config = Configuration($", \"national\": {{ {keys} }}");

        (int code, _, string error) = await RunAsync(NationalCommand.Create(), "--config", config);

        Assert.Equal(1, code);
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    private string Configuration(string more)
    {
        string path = _shop.PathOf("edge.json");
        File.WriteAllText(path, $$"""{ "journal": "journal.db", "bundle": "b", "registers": [] {{more}} }""");
        return path;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(Command command, params string[] arguments)
    {
        await using StringWriter output = new(new StringBuilder(), null);
        await using StringWriter error = new(new StringBuilder(), null);
        InvocationConfiguration console = new() { Output = output, Error = error, EnableDefaultExceptionHandler = false };
        int code = await command.Parse(arguments).InvokeAsync(console, TestContext.Current.CancellationToken).Soon();
        return (code, output.ToString(), error.ToString());
    }
}

using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Invoicing.Catalogues;
using Invoicing.Invoices;
using Invoicing.NationalXml.Messages;
using Invoicing.NationalXml.Profiles;
using Invoicing.Sales;
using Invoicing.Testing;
using Invoicing.Vietnam;

namespace Invoicing.NationalXml.Tests.Scenarios;

/// <summary>
/// The scenarios of tests/scenarios: what is expected of each was worked out by people and by expected.py, which shares nothing with the
/// product. The files of the law (NN-name.xml) are written with INVOICING_WRITE_VECTORS=1, and then read by people and by expected.py.
/// </summary>
public sealed class ScenarioTests(ScenarioKeys keys) : IClassFixture<ScenarioKeys>
{
    /// <summary>How many there are: one that is lost, or added and not counted, is a fault.</summary>
    private const int Count = 70;

    /// <summary>Rules that no document of a sale can break, and where they are broken instead.</summary>
    private static readonly ImmutableArray<string> Elsewhere =
    [
        "VN-PAYMENTS-3", // the reader of documents takes no other means: InvoiceRulesTests
        "VN-TAXES-1", "VN-CODE-2", // of an invoice that somebody else made
        "VN-CORRECT-7", "VN-CORRECT-8", // notices and cancellations: no sale
        "VN-QR-1", "VN-QR-2", // shops' own payment data
    ];

    public static TheoryData<string> Files => [.. ScenarioFolder.Names];

    [Theory]
    [MemberData(nameof(Files))]
    public void Scenario_comes_out_as_its_file_says(string name)
    {
        Scenario scenario = ScenarioFolder.Read(name);

        var run = ScenarioRun.Of(scenario);

        if (!scenario.Faults.IsDefault)
        {
            Assert.Equal(scenario.Faults, run.Faults);
            Assert.Equal(scenario.Rules.Order(StringComparer.Ordinal), RulesOf(run).Order(StringComparer.Ordinal));
            Assert.Equal(["faults"], scenario.Expect.EnumerateObject().Select(property => property.Name));
            return;
        }

        Assert.Empty(run.Faults);
        Assert.Equal(Told(scenario.Expect), Told(run));
        JudgeReversal(scenario);
        JudgeFile(scenario, run.National());
    }

    [Fact]
    public void No_file_is_missing_and_none_is_too_many()
    {
        Scenario[] scenarios = [.. ScenarioFolder.Names.Select(ScenarioFolder.Read)];
        Assert.Equal(Enumerable.Range(1, Count), scenarios.Select(scenario => scenario.Number));

        string[] expected =
        [
            "README.md", "expected.py", "sellers.json", .. ScenarioFolder.Names,
            .. scenarios.Select(scenario => scenario.Xml).OfType<string>(),
            .. scenarios.Select(scenario => scenario.Catalogue).OfType<string>().Distinct(StringComparer.Ordinal),
        ];
        IEnumerable<string> found = Directory.GetFileSystemEntries(ScenarioFolder.Path).Select(path => Path.GetFileName(path)!);
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_rule_that_a_sale_can_break_is_broken_by_a_scenario()
    {
        Type ids = typeof(InvoiceRules).Assembly.GetType("Invoicing.Vietnam.RuleIds", throwOnError: true)!;
        string[] rules =
        [
            .. ids.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!),
            CatalogueFault.NotCovered, CatalogueFault.RatesDiffer,
        ];
        Scenario[] scenarios = [.. ScenarioFolder.Names.Select(ScenarioFolder.Read)];
        IEnumerable<string> broken = scenarios.Where(scenario => !scenario.Faults.IsDefault).SelectMany(scenario => scenario.Rules);

        Assert.Equal(
            rules.Except(Elsewhere, StringComparer.Ordinal).Order(StringComparer.Ordinal),
            broken.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Empty(scenarios.SelectMany(scenario => scenario.Rules).Except(rules, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Second_implementation_agrees_with_every_file()
    {
        ProcessStartInfo start = new("/usr/bin/python3", [ScenarioFolder.File("expected.py"), "--check"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal((0, string.Empty, string.Empty), (process.ExitCode, await output, errors));
    }

    private static IEnumerable<string> RulesOf(ScenarioRun run) =>
        run.Faults.Select(fault => fault.Split(' ')[0]).Distinct(StringComparer.Ordinal);

    /// <summary>A whole sale that is undone comes out as the file's lines say.</summary>
    private static void JudgeReversal(Scenario scenario)
    {
        if (scenario.Correction is not { IsWhole: true } correction)
        {
            return;
        }

        Sale undone = SaleReversal.Of(ScenarioFolder.Read(correction.Of).Sale, scenario.Sale.Key);
        Assert.Equal(scenario.Sale.Lines.AsEnumerable(), undone.Lines.AsEnumerable());
        Assert.Equal(scenario.Sale.Payments.AsEnumerable(), undone.Payments.AsEnumerable());
        Assert.Equal((scenario.Sale.ReceiptDiscount, scenario.Sale.Total), (undone.ReceiptDiscount, undone.Total));
    }

    private static string Told(JsonElement expect) => string.Join(
        '\n',
        expect.EnumerateObject().Where(property => property.Name is not ("rates" or "xml" or "left_out"))
            .Select(property => $"{property.Name}: {property.Value}")
            .Concat(expect.GetProperty("rates").EnumerateArray().Select(
                rate => $"{rate.GetProperty("rate")}: {rate.GetProperty("net")} + {rate.GetProperty("tax")}")));

    private static string Told(ScenarioRun run)
    {
        Invoice invoice = run.Invoice!;
        NationalInvoice national = run.National();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            issued_on: {invoice.IssuedOn:yyyy-MM-dd}
            date_source: {(invoice.DateSource == DateSource.Register ? "register" : "device")}
            net: {invoice.Taxes.Net.Dong}
            tax: {invoice.Taxes.Tax.Dong}
            total: {invoice.Total.Dong}
            words: {national.AmountInWords}
            qr: {national.QrCode}
            {string.Join('\n', invoice.Taxes.Sums.Select(sum => $"{sum.Rate}: {sum.Net.Dong} + {sum.Tax.Dong}"))}
            """);
    }

    private void JudgeFile(Scenario scenario, NationalInvoice invoice)
    {
        Seller seller = ScenarioFolder.Seller(scenario.Seller).Seller;
        string digits = seller.TaxCode.ToString().Replace("-", string.Empty, StringComparison.Ordinal);
        InvoiceMessages writer = new(
            seller, new("V" + digits, "TCT"), ProfileSchedule.Law, keys.Of(seller.TaxCode.ToString()),
            new SeededRandomness(scenario.Number), new ManualTime(new(2027, 1, 5, 14, 20, 0, TimeSpan.Zero)));
        BatchItem item = Assert.Single(writer.Write([invoice]));
        if (scenario.Xml is not { } golden)
        {
            BatchItem.LeftOut left = Assert.IsType<BatchItem.LeftOut>(item);
            Assert.Equal(
                scenario.Expect.GetProperty("left_out").EnumerateArray().Select(text => text.GetString()!),
                left.Faults.Select(fault => $"{fault.RuleId} at {fault.Path}"));
            return;
        }

        Assert.Equal(Path.ChangeExtension(ScenarioFolder.Names[scenario.Number - 1], "xml"), golden);
        SignedMessage message = TestMessages.Ready(item);
        using TempFolder folder = new();
        (bool isValid, string said) = PeerTools.XmlLint(message.Version, PeerTools.Save(folder, message));
        Assert.True(isValid, said);
        byte[] written = InvoiceOf(message);
        if (Environment.GetEnvironmentVariable("INVOICING_WRITE_VECTORS") == "1")
        {
            File.WriteAllBytes(ScenarioFolder.File(golden), written);
        }

        Assert.Equal(Encoding.UTF8.GetString(File.ReadAllBytes(ScenarioFolder.File(golden))), Encoding.UTF8.GetString(written));
        Assert.Equal(File.ReadAllBytes(ScenarioFolder.File(golden)), written);
    }

    /// <summary>The invoice (HDon) out of its message: envelope and signature differ each time. A DLieu stands in its TTKhac too.</summary>
    private static byte[] InvoiceOf(SignedMessage message)
    {
        ReadOnlySpan<byte> bytes = message.Bytes.Span;
        int start = bytes.IndexOf("<HDon>"u8);
        int end = bytes.LastIndexOf("</DLieu><CKSNNT>"u8);
        return bytes[start..end].ToArray();
    }
}

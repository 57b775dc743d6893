using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Invoicing.EndToEnd.Tests.Processes;
using Invoicing.Testing;

namespace Invoicing.EndToEnd.Tests.Scenarios;

/// <summary>The real programs with their keys on a token: rotated, pulled out, and every signature verified by ours and by others' programs.</summary>
[Trait("Tier", "EndToEnd")]
public sealed class KeyTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_till_whose_key_goes_from_file_to_token_to_token_to_file_while_it_sells_verifies_everywhere()
    {
        const int Sales = 240;
        using TokenLab lab = new();
        using Shop shop = await Shop.CreateAsync();
        string config = Configure(shop, lab);
        await using ProgramRun authority = await shop.StartAuthorityAsync();
        await using ProgramRun edge = await StartEdgeAsync(lab, config);
        string sealedKey = await File.ReadAllTextAsync(shop.File("journal.db.key"));
        Assert.StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----", sealedKey, StringComparison.Ordinal);
        await using ProgramRun register = shop.StartRegister("SIM-0001", Sales, seed: 7, "flat");
        string[] ways = ["pkcs11:token=till;object=one", "pkcs11:token=till;object=two", $"file:{shop.File("back.key")}"];
        for (int i = 0; i < ways.Length; i++)
        {
            long least = Sales * (i + 1) / 5;
            await shop.UntilStatusAsync(status => status["head"]!.GetValue<long>() > least, $"at entry {least}");
            JsonNode done = Json(await shop.EdgeAsync(0, "keys", "rotate", "--config", config, "--to", ways[i], "--json"));
            Assert.Equal(ways[i], done["location"]!.GetValue<string>());
        }

        Assert.Equal(0, await register.WaitAsync(Patience));
        await shop.UntilAllIsAcknowledgedAsync();
        Assert.Contains($"file, {ways[2]}", string.Join('\n', await shop.EdgeAsync(0, "keys", "show", "--config", config)), StringComparison.Ordinal);
        Assert.Equal(0, await edge.TerminateAsync());
        await Reconciliation.AssertAsync(shop, ["SIM-0001"], Sales, shop.JournalFile);
        await shop.EdgeAsync(0, "verify", "--journal", shop.JournalFile); // every signature, unless told otherwise
        await shop.EdgeAsync(0, "export", "--journal", shop.JournalFile, "--out", shop.File("export.jsonl"));
        IReadOnlyCollection<string> checkedByPython = await ProgramRun.ToEndAsync(
            "/usr/bin/python3", ["-B", RepositoryFolder.File("tests", "peers", "verifier", "verifier.py"), "export", shop.File("export.jsonl")]);
        Assert.True(checkedByPython.Count > Sales + ways.Length, $"{checkedByPython.Count} entries were checked");
    }

    [Fact]
    public async Task A_token_pulled_out_in_mid_sale_makes_the_register_wait_and_nothing_is_lost()
    {
        const int Sales = 400;
        using TokenLab lab = new();
        using Shop shop = await Shop.CreateAsync();
        string config = Configure(shop, lab, signingKey: "pkcs11:token=till;object=one");
        await using ProgramRun authority = await shop.StartAuthorityAsync();
        await using ProgramRun edge = await StartEdgeAsync(lab, config);
        await using ProgramRun register = shop.StartRegister("SIM-0001", Sales, seed: 7, "20ms");
        for (int pull = 1; pull <= 2; pull++)
        {
            long least = Sales * pull / 8;
            await shop.UntilStatusAsync(status => status["head"]!.GetValue<long>() > least, $"at entry {least}");
            lab.Set("gone", isOn: true);
            await shop.UntilStatusAsync(status => status["recording"]!.GetValue<string>() == "Waiting", "waiting for the token");
            Assert.False(register.HasExited);
            lab.Set("gone", isOn: false);
            await shop.UntilStatusAsync(status => status["recording"]!.GetValue<string>() == "On", "recording again");
        }

        Assert.Equal(0, await register.WaitAsync(Patience));
        await shop.UntilAllIsAcknowledgedAsync();
        Assert.Equal(0, await edge.TerminateAsync());
        await Reconciliation.AssertAsync(shop, ["SIM-0001"], Sales, shop.JournalFile);
    }

    [Fact]
    public async Task The_sellers_certificate_on_a_token_signs_messages_that_xmlsec1_verifies()
    {
        using TokenLab lab = new();
        using Shop shop = await Shop.CreateAsync();
        PutSellerOnToken(shop, lab);
        string config = Configure(shop, lab);
        await using ProgramRun authority = await shop.StartAuthorityAsync();
        await using (ProgramRun edge = await StartEdgeAsync(lab, config))
        {
            await using ProgramRun register = shop.StartRegister("SIM-0001", 20, seed: 7, "flat");
            Assert.Equal(0, await register.WaitAsync(Patience));
            Assert.Equal(0, await edge.TerminateAsync());
        }

        await ProgramRun.ToEndAsync(
            "/usr/bin/env",
            [.. lab.Environment, ProgramRun.Ours("Invoicing.Edge"), "export", "--format", "xml", "--config", config, "--out", shop.File("out")]);
        string message = Assert.Single(Directory.GetFiles(shop.File("out"), "*.xml"));
        await ProgramRun.ToEndAsync(
            "xmlsec1",
            [
                "--verify", "--enabled-key-data", "x509", "--enabled-reference-uris", "same-doc",
                "--id-attr:Id", "DLieu", "--id-attr:Id", "http://www.w3.org/2000/09/xmldsig#:Object",
                "--trusted-pem", shop.File("seller.pem"), message,
            ]);
    }

    private static string Configure(Shop shop, TokenLab lab, string? signingKey = null)
    {
        string config = shop.Configure([$"serial:{shop.Link("SIM-0001")}"]);
        File.WriteAllText(shop.File("secret"), "a secret of this shop\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(shop.File("secret"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        JsonObject json = JsonNode.Parse(File.ReadAllText(config))!.AsObject();
        json["key_secret"] = "secret";
        if (signingKey is not null)
        {
            json["signing_key"] = signingKey;
        }

        json["pkcs11_module"] = TokenLab.Module;
        json["pkcs11_pin_file"] = lab.PinPath;
        json["national"] = new JsonObject
        {
            ["sender"] = "V0107001729",
            ["receiver"] = "TCT",
            ["certificate"] = "pkcs11:token=till;object=seller",
        };
        File.WriteAllText(config, json.ToJsonString());
        return config;
    }

    private static async Task<ProgramRun> StartEdgeAsync(TokenLab lab, string config)
    {
        var run = ProgramRun.Start("/usr/bin/env", [.. lab.Environment, ProgramRun.Ours("Invoicing.Edge"), "run", "--config", config], keepOutput: false);
        await run.UntilSaysAsync("edge ready");
        return run;
    }

    private static JsonNode Json(IReadOnlyCollection<string> lines) => JsonNode.Parse(lines.First(line => line.StartsWith('{')))!;

    private static void PutSellerOnToken(Shop shop, TokenLab lab)
    {
        using var key = RSA.Create(2048);
        X500DistinguishedNameBuilder subject = new();
        subject.AddCommonName("Cửa hàng Bình Minh");
        subject.Add("0.9.2342.19200300.100.1.1", "MST:0107001729", UniversalTagNumber.UTF8String);
        CertificateRequest request = new(subject.Build(), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        File.WriteAllText(shop.File("seller.pem"), certificate.ExportCertificatePem());
        File.WriteAllBytes(shop.File("seller.der"), certificate.RawData);
        File.WriteAllBytes(shop.File("seller.key"), key.ExportPkcs8PrivateKey());
        lab.Tool("--write-object", shop.File("seller.key"), "--type", "privkey", "--label", "seller", "--id", "0a", "--usage-sign");
        lab.Tool("--write-object", shop.File("seller.der"), "--type", "cert", "--label", "seller", "--id", "0a");
    }
}

using Grpc.Net.Client;
using Invoicing.Authority.Feed;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Enrolment;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Programs;

/// <summary>Root and issuing key on a token: they sign, and are nowhere in the folder.</summary>
public sealed class TokenTests
{
    private static readonly string[] Seller =
        ["--tax-code", "0107001729", "--seller-name", "Một Ly", "--address", "Hà Nội", "--block", "A1B2C", "--series", "C26MAA", "--codes", "100", "--numbers", "100"];

    [Fact]
    public async Task An_authority_whose_keys_are_on_a_token_enrols_and_is_told_when_it_is_pulled_out()
    {
        using var temp = new TempFolder();
        SoftToken token = await SoftToken.MakeAsync(temp, "root", "issuing", "next");
        var folder = new AuthorityFolder(temp.File("authority"));
        async Task<string> DoAsync(params string[] arguments)
        {
            (int code, string output, string errors) = await AuthorityProcess.CallAsync(token.Environment, [.. arguments, "--data", folder.Path]);
            Assert.True(code == 0, $"{string.Join(' ', arguments)}: {errors}");
            return output;
        }

        async Task<string> FailAsync(params string[] arguments)
        {
            (int code, _, string errors) = await AuthorityProcess.CallAsync(token.Environment, [.. arguments, "--data", folder.Path]);
            Assert.Equal(AuthorityExit.Usage, code);
            return errors;
        }

        string shown = await FailAsync("ca", "--root-key", "pkcs11:token=authority;object=root?pin-value=99999999");
        Assert.Contains("key: expected the PIN in a file", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("99999999", shown, StringComparison.Ordinal);
        await File.WriteAllTextAsync(temp.File("wrong"), "99999999", TestContext.Current.CancellationToken);
        string wrong = await FailAsync("ca", "--root-key", $"pkcs11:token=authority;object=root;type=private?pin-source=file:{temp.File("wrong")}");
        Assert.Contains("expected a P-256 private key that can be used", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("99999999", wrong, StringComparison.Ordinal);
        Assert.Contains("expected file:PATH or pkcs11:…, found 'somewhere'", await FailAsync("ca", "--root-key", "somewhere"), StringComparison.Ordinal);

        await DoAsync("ca", "--root-key", token.LocationOf("root"), "--issuing-key", token.LocationOf("issuing"));
        Assert.False(File.Exists(folder.RootKey));
        Assert.False(File.Exists(folder.IssuingKey));
        await Tool.DoAsync(
            "openssl", "verify", "-x509_strict", "-CAfile", folder.RootCertificate, "-untrusted", folder.IssuingCertificate, folder.ServerCertificate);
        Assert.Contains("sound: 1 acts", await DoAsync("acts", "verify"), StringComparison.Ordinal);

        using (var server = AuthorityProcess.Run(folder, token.Environment))
        {
            Uri address = await server.ListeningAsync();
            var code = ActivationCode.Parse(System.Text.Json.JsonDocument.Parse(await DoAsync(["devices", "invite", "--name", "shop-1", .. Seller, "--json"]))
                .RootElement.GetProperty("code").GetString()!);
            using var till = new OpenTill();
            using GrpcChannel first = OpenTill.Channel(address, await File.ReadAllTextAsync(folder.RootCertificate, TestContext.Current.CancellationToken), own: null);
            await till.EnrolAsync(first, till.ToEnrol(code));
            using GrpcChannel channel = BundleChannel.Open(address, till.Bundle);
            till.MakeAnotherKey();
            await till.RenewAsync(channel, till.ToRenew(Chain.ChainId.Create()));
        }

        token.Plug(isIn: false);
        string pulled = await FailAsync(["devices", "add", "--name", "shop-2", .. Seller, "--out", temp.File("d.json")]);
        Assert.Contains("object=issuing", pulled, StringComparison.Ordinal);
        Assert.Contains("expected a P-256 private key that can be used, found", pulled, StringComparison.Ordinal);
        await DoAsync("devices", "suspend", "shop-1", "--reason", "what needs no certificate needs no token");
        token.Plug(isIn: true);
        await DoAsync(["devices", "add", "--name", "shop-2", .. Seller, "--out", temp.File("d.json")]);

        await DoAsync("ca", "reissue", "--root-key", token.LocationOf("root"), "--issuing-key", token.LocationOf("next"));
        await DoAsync(["devices", "add", "--name", "shop-3", .. Seller, "--out", temp.File("e.json")]);
        await Tool.DoAsync("openssl", "verify", "-CAfile", folder.RootCertificate, "-untrusted", folder.IssuingCertificate, folder.ServerCertificate);
    }
}

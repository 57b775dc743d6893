using System.Diagnostics;
using Invoicing.Gateway.Keys;
using Invoicing.Hashing;
using Invoicing.Signing;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Keys;

public sealed class KeySealTests
{
    private const string Secret = "a secret of the shop";

    [Fact]
    public void A_sealed_key_is_opened_by_openssl_with_the_same_secret_and_by_no_other()
    {
        using var folder = new TempFolder();
        PrivateFile.Write(folder.File("secret"), Secret + "\n");
        PrivateFile.Write(folder.File("other"), "another secret\n");
        using SoftwareSigner made = SigningKeyFile.Create(folder.File("k"), new(folder.File("secret")));

        (int code, string pem) = OpenSsl("pkcs8", "-in", folder.File("k"), "-passin", $"file:{folder.File("secret")}", "-topk8", "-nocrypt");
        Assert.Equal(0, code);
        File.WriteAllText(folder.File("open.pem"), pem);
        (code, string publicKey) = OpenSsl("pkey", "-in", folder.File("open.pem"), "-pubout", "-outform", "PEM");
        Assert.Equal(0, code);
        Assert.Contains(Convert.ToBase64String(made.PublicKey.Span)[^40..], publicKey.ReplaceLineEndings(string.Empty), StringComparison.Ordinal);
        Assert.NotEqual(0, OpenSsl("pkcs8", "-in", folder.File("k"), "-passin", $"file:{folder.File("other")}", "-topk8", "-nocrypt").Code);
        (_, string form) = OpenSsl("asn1parse", "-in", folder.File("k"));
        Assert.Contains("aes-256-cbc", form, StringComparison.Ordinal);
        Assert.Contains("hmacWithSHA256", form, StringComparison.Ordinal);
        Assert.Contains($"INTEGER           :{KeySeal.Iterations:X6}", form, StringComparison.Ordinal);
    }

    [Fact]
    public void What_openssl_seals_is_opened()
    {
        using var folder = new TempFolder();
        PrivateFile.Write(folder.File("secret"), Secret);
        Assert.Equal(0, OpenSsl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", folder.File("open")).Code);
        Assert.Equal(0, OpenSsl(
            "pkcs8", "-topk8", "-in", folder.File("open"), "-out", folder.File("sealed"), "-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA256",
            "-passout", $"file:{folder.File("secret")}").Code);
        PrivateFile.Write(folder.File("k"), File.ReadAllText(folder.File("sealed")));

        using SoftwareSigner? key = SigningKeyFile.Read(folder.File("k"), new(folder.File("secret")));
        using var verifying = VerifyingKey.Import(key!.PublicKey.Span);
        var hash = Sha256Hash.Of([1]);
        Assert.True(verifying.Verify(hash, key.Sign(hash)));
    }

    [Fact]
    public async Task An_open_key_is_sealed_in_its_place_once_there_is_a_secret()
    {
        using TestShop shop = new();
        string path = shop.JournalPath + ".key";
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            Assert.Contains("the key is not sealed", gateway.Status.Key.Warning, StringComparison.Ordinal);
            await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        }

        PrivateFile.Write(Path.Combine(shop.Folder, "secret"), Secret);
        GatewayOptions options = shop.Options with { Keys = new() { SecretPath = Path.Combine(shop.Folder, "secret") } };
        for (ulong sequence = 2; sequence <= 3; sequence++)
        {
            await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(options).Soon();
            Assert.Null(gateway.Status.Key.Warning);
            await gateway.IssueAsync(TestShop.Sale(sequence)).Soon();
            Assert.StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.False(File.Exists(path + ".new"));
        }

        PrivateFile.Write(Path.Combine(shop.Folder, "secret"), "a secret of another shop");
        InvoicingException wrong = await Assert.ThrowsAsync<InvoicingException>(() => InvoicingGateway.OpenAsync(options).Soon());
        Assert.Contains("expected a key that was sealed with the secret in", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("another shop", wrong.ToString(), StringComparison.Ordinal);
        InvoicingException none = await Assert.ThrowsAsync<InvoicingException>(shop.OpenAsync);
        Assert.Contains("'key_secret'", none.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead, "440")]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite, "602")]
    public void A_file_that_others_can_reach_is_refused_with_what_to_do(UnixFileMode mode, string shown)
    {
        using var folder = new TempFolder();
        SigningKeyFile.Create(folder.File("k")).Dispose();
        PrivateFile.Write(folder.File("k"), File.ReadAllText(folder.File("k")), mode);
        InvoicingException key = Assert.Throws<InvoicingException>(() => SigningKeyFile.Read(folder.File("k")));
        Assert.Contains("(mode 600), found mode ", key.Message, StringComparison.Ordinal);
        Assert.Contains($"run 'chmod 600 {folder.File("k")}'", key.Message, StringComparison.Ordinal);
        Assert.EndsWith(shown[1..], key.Message.Split("found mode ")[1].Split(';')[0], StringComparison.Ordinal);

        PrivateFile.Write(folder.File("secret"), Secret, mode);
        InvoicingException secret = Assert.Throws<InvoicingException>(() => SigningKeyFile.Create(folder.File("other"), new(folder.File("secret"))));
        Assert.Contains("found mode ", secret.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, secret.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("other")));
    }

    [Fact]
    public void A_file_of_another_user_is_refused_with_what_to_do()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can give a file away");
        using var folder = new TempFolder();
        SigningKeyFile.Create(folder.File("k")).Dispose();
        using (var chown = Process.Start("chown", ["4711", folder.File("k")]))
        {
            chown.WaitForExit();
        }

        InvoicingException fault = Assert.Throws<InvoicingException>(() => SigningKeyFile.Read(folder.File("k")));
        Assert.Contains($"found one of user 4711; run 'chown 0 {folder.File("k")}'", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("\nnot in the first line")]
    public void A_secret_that_is_none_is_refused_and_not_repeated(string text)
    {
        using var folder = new TempFolder();
        PrivateFile.Write(folder.File("secret"), text);

        InvoicingException fault = Assert.Throws<InvoicingException>(() => SigningKeyFile.Create(folder.File("k"), new(folder.File("secret"))));

        Assert.Contains("expected a secret of 12 to 1024 bytes", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("short", fault.Message, StringComparison.Ordinal);
    }

    private static (int Code, string Output) OpenSsl(params string[] arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? output : errors.Result);
    }
}

using Invoicing.Gateway.Keys;
using Invoicing.Hashing;
using Invoicing.Signing;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Keys;

public sealed class KeyTests
{
    [Fact]
    public async Task A_new_journal_makes_a_key_beside_it_that_only_its_owner_can_read()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        string path = shop.JournalPath + ".key";

        Assert.StartsWith("-----BEGIN PRIVATE KEY-----", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("600", Mode(path));
        Assert.False(File.Exists(path + ".new"));
    }

    private static string Mode(string path)
    {
        using System.Diagnostics.Process stat = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%a", path]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        return stat.StandardOutput.ReadToEnd().Trim();
    }

    [Fact]
    public void A_key_that_was_written_is_read_as_the_same_key()
    {
        using var folder = new TempFolder();
        using SoftwareSigner made = SigningKeyFile.Create(folder.File("k"));
        using SoftwareSigner? read = SigningKeyFile.Read(folder.File("k"));
        var hash = Sha256Hash.Of([1]);
        using var key = VerifyingKey.Import(made.PublicKey.Span);

        Assert.Equal(made.KeyId, read!.KeyId);
        Assert.True(key.Verify(hash, read.Sign(hash)));
        Assert.Null(SigningKeyFile.Read(folder.File("none")));
    }

    [Fact]
    public void A_key_is_never_written_over()
    {
        using var folder = new TempFolder();
        using SoftwareSigner made = SigningKeyFile.Create(folder.File("k"));

        Assert.Throws<InvoicingException>(() => SigningKeyFile.Create(folder.File("k")));

        using SoftwareSigner? read = SigningKeyFile.Read(folder.File("k"));
        Assert.Equal(made.KeyId, read!.KeyId);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void What_is_no_key_says_so_with_its_path(string text)
    {
        using var folder = new TempFolder();
        PrivateFile.Write(folder.File("k"), text);

        InvoicingException fault = Assert.Throws<InvoicingException>(() => SigningKeyFile.Read(folder.File("k")));
        Assert.Contains(folder.File("k"), fault.Message, StringComparison.Ordinal);
        Assert.Contains("expected", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_key_file_records_nothing_until_it_is_back_and_no_other_is_made()
    {
        using TestShop shop = new();
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        }

        File.Move(shop.JournalPath + ".key", shop.JournalPath + ".away");
        await using InvoicingGateway again = await shop.OpenAsync();
        NotRecordedException fault = await Assert.ThrowsAsync<NotRecordedException>(() => again.IssueAsync(TestShop.Sale(2)).Soon());
        Assert.Contains("is missing; put it back", fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(shop.JournalPath + ".key"));

        File.Move(shop.JournalPath + ".away", shop.JournalPath + ".key");
        Assert.Equal(2, (await again.IssueAsync(TestShop.Sale(2)).Soon()).Invoice.Number);
    }

    [Fact]
    public async Task Another_key_is_refused()
    {
        using TestShop shop = new();
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        }

        File.Delete(shop.JournalPath + ".key");
        SigningKeyFile.Create(shop.JournalPath + ".key").Dispose();

        InvoicingException fault = await Assert.ThrowsAsync<InvoicingException>(shop.OpenAsync);
        Assert.Contains("expected the chain's signing key", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_left_by_a_start_that_died_before_its_journal_is_taken()
    {
        using TestShop shop = new();
        using SoftwareSigner left = SigningKeyFile.Create(shop.JournalPath + ".key");

        await using InvoicingGateway gateway = await shop.OpenAsync();
        IssuedInvoice issued = await gateway.IssueAsync(TestShop.Sale(1)).Soon();

        using var key = VerifyingKey.Import(left.PublicKey.Span);
        Assert.True(key.Verify(issued.Entry.Hash, issued.Entry.Signature));
    }

    [Fact]
    public void A_bundle_is_read_and_what_is_none_says_so()
    {
        using TestShop shop = new();
        string path = Path.Combine(shop.Folder, "b.json");
        File.WriteAllText(path, shop.Bundle.ToJson());
        Assert.Equal(shop.Bundle.Enrolment.ToArray(), BundleFile.Read(path).Enrolment.ToArray());

        File.WriteAllText(path, "{}");
        Assert.Contains("key 'format'", Assert.Throws<InvoicingException>(() => BundleFile.Read(path)).Message, StringComparison.Ordinal);
        File.WriteAllText(path, new string(' ', BundleFile.MaxLength + 1));
        Assert.Contains("at most 131072 bytes", Assert.Throws<InvoicingException>(() => BundleFile.Read(path)).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<InvoicingException>(() => BundleFile.Read(path + "x")).Message, StringComparison.Ordinal);
    }
}

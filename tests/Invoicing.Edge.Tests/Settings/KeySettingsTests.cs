using Invoicing.Edge.Settings;
using Invoicing.Settings;
using Invoicing.Testing;

namespace Invoicing.Edge.Tests.Settings;

public sealed class KeySettingsTests
{
    [Fact]
    public void Places_and_files_are_read_relative_to_the_settings_and_the_defaults_are_none()
    {
        using var folder = new TempFolder();
        EdgeSettings plain = Read(folder, string.Empty);
        Assert.Null(plain.Keys.SigningKey);
        Assert.Equal((null, null, null), (plain.Keys.Options.SecretPath, plain.Keys.Options.Pkcs11Module, plain.Keys.Options.Pkcs11PinPath));
        Assert.Equal(KeySettings.HostCommand, plain.Keys.Options.Host!.Arguments[^1]);

        EdgeSettings said = Read(
            folder,
            """, "signing_key": "file:keys/a.key", "key_secret": "secret", "pkcs11_module": "/lib/token.so", "pkcs11_pin_file": "pin", """
            + "\"national\": { \"certificate\": \"pkcs11:token=till;object=seller\", \"certificate_file\": \"seller.cer\" }");
        Assert.Equal($"file:{folder.File("keys/a.key")}", said.Keys.SigningKey!.ToString());
        Assert.Equal(
            (folder.File("secret"), "/lib/token.so", folder.File("pin")),
            (said.Keys.Options.SecretPath, said.Keys.Options.Pkcs11Module, said.Keys.Options.Pkcs11PinPath));
        Assert.Equal(("pkcs11:token=till;object=seller", folder.File("seller.cer")), (said.National.Certificate, said.National.CertificateFile));
        Assert.Equal(folder.File("seller.p12"), Read(folder, ", \"national\": { \"certificate\": \"seller.p12\" }").National.Certificate);
    }

    [Theory]
    [InlineData(", \"signing_key\": \"a.key\"", "key 'signing_key': expected a key location, found expected a key location: file:PATH")]
    [InlineData(", \"signing_key\": \"pkcs11:object=a?pin-value=4711\"", "found pkcs11: expected no PIN in the address")]
    [InlineData(", \"key_secret\": \"credential:\"", "key 'key_secret': expected the name of a credential")]
    [InlineData(", \"key_secret\": \"credential:../x\"", "key 'key_secret': expected the name of a credential")]
    [InlineData(", \"key_secret\": \"credential:x\"", "key 'key_secret': expected a credential of systemd")]
    [InlineData(", \"national\": { \"certificate\": \"store:x\" }", "key 'national.certificate': expected a key location")]
    public void Others_are_refused_by_their_names_and_without_their_secrets(string more, string reason)
    {
        using var folder = new TempFolder();

        SettingsException fault = Assert.Throws<SettingsException>(() => Read(folder, more));

        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", fault.Message, StringComparison.Ordinal);
    }

    private static EdgeSettings Read(TempFolder folder, string more)
    {
        File.WriteAllText(folder.File("edge.json"), $$"""{ "journal": "journal.db", "bundle": "device.json"{{more}} }""");
        return EdgeSettings.Load(folder.File("edge.json"));
    }
}

using System.Globalization;
using Google.Protobuf;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Enrolment;
using Invoicing.Protos.V1;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Programs;

/// <summary>The authority's TLS and certificates in the eyes of OpenSSL's own tools.</summary>
public sealed class TlsPeerTests
{
    [Theory]
    [InlineData("-tls1_3", "", "TLSv1.3")]
    [InlineData("-tls1_2", "ECDHE-ECDSA-AES128-GCM-SHA256", "TLSv1.2")]
    [InlineData("-tls1_2", "ECDHE-ECDSA-AES256-GCM-SHA384", "TLSv1.2")]
    [InlineData("-tls1_2", "ECDHE-ECDSA-CHACHA20-POLY1305", "TLSv1.2")]
    public async Task It_speaks_what_is_good_and_its_chain_leads_to_the_root(string version, string suite, string spoken)
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        (int code, string output) = await ConnectAsync(host, version, suite);
        Assert.True(code == 0, output);
        Assert.Contains("Verify return code: 0 (ok)", output, StringComparison.Ordinal);
        Assert.Contains(spoken, output, StringComparison.Ordinal);
        Assert.Equal(2, output.Split("-----BEGIN CERTIFICATE-----").Length - 1); // the issuing certificate goes along, the root does not
    }

    [Theory]
    [InlineData("-tls1_2", "ECDHE-ECDSA-AES128-SHA256")]
    [InlineData("-tls1_2", "ECDHE-ECDSA-AES128-SHA")]
    [InlineData("-tls1_2", "ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0")]
    [InlineData("-tls1_1", "DEFAULT:@SECLEVEL=0")]
    [InlineData("-tls1", "DEFAULT:@SECLEVEL=0")]
    public async Task It_refuses_what_is_not(string version, string suite)
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        (int code, string output) = await ConnectAsync(host, version, suite);
        Assert.NotEqual(0, code);
        Assert.Contains("alert", output, StringComparison.Ordinal);
        Assert.DoesNotContain("BEGIN CERTIFICATE", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenSSL_makes_a_request_that_enrols_and_verifies_the_certificates_that_come_of_it()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        using var temp = new TempFolder();
        await Tool.DoAsync(
            "openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", temp.File("key.pem"), "-subj", "/CN=whatever",
            "-outform", "DER", "-out", temp.File("request.der"));
        (ActivationCode code, _) = host.Invite();
        using var till = new OpenTill { Request = await File.ReadAllBytesAsync(temp.File("request.der"), TestContext.Current.CancellationToken) };
        EnrolResponse response = await till.EnrolAsync(host, code);

        async Task<string> WriteAsync(string name, ByteString der)
        {
            await File.WriteAllBytesAsync(temp.File(name), der.ToByteArray(), TestContext.Current.CancellationToken);
            await Tool.DoAsync("openssl", "x509", "-inform", "DER", "-in", temp.File(name), "-out", temp.File(name + ".pem"));
            return temp.File(name + ".pem");
        }

        string own = await WriteAsync("own", response.Certificates.Certificate);
        string issuing = await WriteAsync("issuing", response.Certificates.Issuers[0]);
        string root = await WriteAsync("root", response.Certificates.Issuers[1]);
        Assert.Contains("OK", await Tool.DoAsync(
            "openssl", "verify", "-x509_strict", "-CAfile", root, "-untrusted", issuing, "-purpose", "sslclient", own), StringComparison.Ordinal);
        (int without, _) = await Tool.RunAsync("openssl", string.Empty, null, "verify", "-CAfile", root, own);
        Assert.NotEqual(0, without);
        (int wrongPurpose, string purpose) = await Tool.RunAsync(
            "openssl", string.Empty, null, "verify", "-CAfile", root, "-untrusted", issuing, "-purpose", "sslserver", own);
        Assert.True(wrongPurpose != 0, purpose);
        Assert.Contains("pathlen:0", await Tool.DoAsync("openssl", "x509", "-in", issuing, "-noout", "-text"), StringComparison.Ordinal);
        Assert.Contains("pathlen:1", await Tool.DoAsync("openssl", "x509", "-in", root, "-noout", "-text"), StringComparison.Ordinal);
        Assert.Contains("CN = shop-1", await Tool.DoAsync("openssl", "x509", "-in", own, "-noout", "-subject"), StringComparison.Ordinal); // not 'whatever'
        Assert.Contains("OK", await Tool.DoAsync(
            "openssl", "verify", "-x509_strict", "-CAfile", root, "-untrusted", issuing, "-purpose", "sslserver", host.Folder.ServerCertificate), StringComparison.Ordinal);

        // And OpenSSL shakes hands with the certificate and its own key.
        (int shaken, string output) = await ConnectAsync(host, "-tls1_3", string.Empty, "-cert", own, "-key", temp.File("key.pem"), "-cert_chain", issuing);
        Assert.True(shaken == 0, output);
    }

    private static Task<(int Code, string Output)> ConnectAsync(AuthorityHost host, string version, string suite, params string[] more)
    {
        string[] suites = suite.Length == 0 ? [] : ["-cipher", suite];
        return Tool.RunAsync(
            "openssl", "Q\n", environment: null,
            [
                "s_client", "-connect", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{host.Server.Address.Port}"), "-alpn", "h2", "-servername", "localhost",
                "-verify_hostname", "localhost", "-verify_return_error", "-CAfile", host.Folder.RootCertificate, "-showcerts", version, .. suites, .. more,
            ]);
    }
}

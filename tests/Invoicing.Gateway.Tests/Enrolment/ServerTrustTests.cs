using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using Invoicing.Gateway.Clocks;
using Invoicing.Gateway.Enrolment;
using Invoicing.Testing;
using Wire = Invoicing.Protos.V1;

namespace Invoicing.Gateway.Tests.Enrolment;

/// <summary>Servers that openssl plays, and what our client says of each. They speak no gRPC: who gets past TLS is known by another fault.</summary>
public sealed class ServerTrustTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 9, 1, 8, 0, 0, TimeSpan.Zero);
    private readonly TestAuthorityCertificates _authority = new();
    private readonly DeviceClock _clock = new(new ManualTime(Now));

    public ServerTrustTests()
    {
        if (!OpensslServer.IsThere)
        {
            Assert.Skip("openssl is not installed");
        }
    }

    private X509Certificate2[] Sent => [_authority.Issuing];

    [Fact]
    public async Task The_authority_is_trusted_also_if_it_sends_its_root_along()
    {
        using X509Certificate2 own = _authority.Server();
        await AssertTrustedAsync(own, Sent);
        await AssertTrustedAsync(own, [_authority.Issuing, _authority.Root]);
    }

    [Fact]
    public async Task Another_authority_of_the_same_names_is_not()
    {
        using TestAuthorityCertificates other = new();
        using X509Certificate2 own = other.Server();
        await AssertRefusedAsync(own, [other.Issuing], "does not lead to the authority's root that this device trusts");
        await AssertRefusedAsync(own, [other.Issuing, other.Root], "does not lead to the authority's root that this device trusts");
    }

    [Fact]
    public async Task Another_authority_of_other_names_is_not()
    {
        using TestAuthorityCertificates other = new("Another root");
        using X509Certificate2 own = other.Server();
        await AssertRefusedAsync(own, [other.Issuing, other.Root], "it ends at 'CN=Another root'");
    }

    [Fact]
    public async Task A_server_that_sends_nothing_between_is_told_so()
    {
        using X509Certificate2 own = _authority.Server();
        await AssertRefusedAsync(own, [], "it ends at 'CN=Test issuing'; is it the right authority, and does it send along what is between?");
    }

    [Fact]
    public async Task A_device_of_the_authority_that_poses_as_its_server_is_refused()
    {
        using X509Certificate2 own = _authority.ServerForClients();
        await AssertRefusedAsync(own, Sent, "NotValidForUsage");
    }

    [Fact]
    public async Task Another_name_is_refused()
    {
        using X509Certificate2 own = _authority.Server("elsewhere.example");
        await AssertRefusedAsync(own, Sent, "is for elsewhere.example, and not for the name in the authority's address");
    }

    [Fact]
    public async Task Times_are_judged_at_the_best_known_time()
    {
        using X509Certificate2 ended = _authority.Server(until: Now.AddDays(-1));
        await AssertRefusedAsync(ended, Sent, "has ended: 'CN=localhost' was good until 2026-08-31");

        // The device has seen a watermark of next month: its clock is behind, and the certificate's end is past.
        using X509Certificate2 endsSoon = _authority.Server(until: Now.AddDays(10));
        await AssertTrustedAsync(endsSoon, Sent);
        _clock.RaiseProven(Now.AddDays(30).ToUnixTimeMilliseconds());
        await AssertRefusedAsync(endsSoon, Sent, "has ended: 'CN=localhost' was good until 2026-09-11");

        // That clock is not plausible any more: a certificate that begins later still may be good by now.
        using X509Certificate2 young = _authority.Server(from: Now.AddDays(40));
        await AssertTrustedAsync(young, Sent);
    }

    [Fact]
    public async Task A_certificate_that_begins_tomorrow_is_refused_by_a_clock_that_is_plausible()
    {
        using X509Certificate2 young = _authority.Server(from: Now.AddDays(1));
        await AssertRefusedAsync(young, Sent, "is not good yet: 'CN=localhost' is good from 2026-09-02");
    }

    [Fact]
    public async Task Our_certificate_is_sent_with_what_it_leads_to()
    {
        using TempFolder folder = new();
        using X509Certificate2 own = _authority.Server();

        // 1.2, where a client is judged before the handshake is done.
        string[] demand = ["-tls1_2", "-Verify", "3", "-verify_return_error", "-CAfile", folder.File("root.pem")];
        await File.WriteAllTextAsync(folder.File("root.pem"), _authority.Root.ExportCertificatePem());
        DeviceIdentity whole = Identity();
        await using OpensslServer server = await OpensslServer.StartAsync(own, Sent, [.. demand, "-rev"]);

        string accepted = await AskAsync(server, whole);
        Assert.Contains("HTTP/2", accepted, StringComparison.Ordinal);
        Assert.DoesNotContain("SSL connection", accepted, StringComparison.Ordinal);
        DeviceIdentity torn = whole with { Certificates = [whole.Certificates[0], whole.Root] };
        Assert.Contains("SSL connection could not be established", await AskAsync(server, torn), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_is_one_that_openssl_verifies()
    {
        using TempFolder folder = new();
        await File.WriteAllBytesAsync(folder.File("request.der"), PendingCertificate.Create(default).Request.ToArray());
        using System.Diagnostics.Process openssl = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("/usr/bin/openssl", ["req", "-verify", "-noout", "-text", "-inform", "DER", "-in", folder.File("request.der")])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!;

        Task<string> errors = openssl.StandardError.ReadToEndAsync();
        string text = await openssl.StandardOutput.ReadToEndAsync().Soon();

        Assert.Contains("self-signature verify OK", await errors.Soon(), StringComparison.Ordinal);
        Assert.Contains("prime256v1", text, StringComparison.Ordinal);
        Assert.Contains("ecdsa-with-SHA256", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-tls1_3", null)]
    [InlineData("-tls1_2", "ECDHE-ECDSA-AES128-GCM-SHA256")]
    [InlineData("-tls1_2", "ECDHE-ECDSA-CHACHA20-POLY1305")]
    public async Task Strong_suites_are_taken(string version, string? cipher)
    {
        using X509Certificate2 own = _authority.Server();
        await AssertTrustedAsync(own, Sent, [version, .. cipher is null ? (string[])[] : ["-cipher", cipher]]);
    }

    [Theory]
    [InlineData("-tls1_2", "ECDHE-ECDSA-AES128-SHA256")]
    [InlineData("-tls1_2", "ECDHE-ECDSA-AES256-SHA")]
    [InlineData("-tls1_1", "ALL:@SECLEVEL=0")]
    public async Task Weak_suites_and_old_versions_are_not(string version, string cipher)
    {
        using X509Certificate2 own = _authority.Server();
        string fault = await AskAsync(own, Sent, [version, "-cipher", cipher]);
        Assert.Contains("The SSL connection could not be established", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, TlsCipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256)]
    [InlineData(SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256)]
    [InlineData(SslProtocols.Tls12, TlsCipherSuite.TLS_DHE_RSA_WITH_AES_128_GCM_SHA256)]
    [InlineData((SslProtocols)0x300, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256)] // 1.1
    public void What_the_system_agreed_to_is_looked_at_again(SslProtocols protocol, TlsCipherSuite suite) =>
        Assert.Throws<AuthenticationException>(() => StrongTls.Require(protocol, suite));

    public void Dispose() => _authority.Dispose();

    private async Task AssertRefusedAsync(X509Certificate2 own, X509Certificate2[] sent, string text)
    {
        string fault = await AskAsync(own, sent, []);
        Assert.Contains("is not trusted: the server's certificate", fault, StringComparison.Ordinal);
        Assert.Contains(text, fault, StringComparison.Ordinal);
    }

    /// <summary>Past TLS: openssl says nothing that is HTTP/2, and the call ends by that, or by its time.</summary>
    private async Task AssertTrustedAsync(X509Certificate2 own, X509Certificate2[] sent, string[]? options = null)
    {
        string fault = await AskAsync(own, sent, options ?? []);
        Assert.DoesNotContain("is not trusted", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("SSL connection could not be established", fault, StringComparison.Ordinal);
        Assert.Contains("HTTP/2", fault, StringComparison.Ordinal);
    }

    private DeviceIdentity Identity()
    {
        var pending = PendingCertificate.Create(default);
        byte[] certificate = _authority.Client("shop-7", pending.Request.Span, TestAuthorityCertificates.Begin, TestAuthorityCertificates.End.AddDays(-2));
        return new("shop-7", [certificate, _authority.Issuing.RawData, _authority.Root.RawData], pending.PrivateKey, default, default);
    }

    private async Task<string> AskAsync(OpensslServer server, DeviceIdentity identity)
    {
        using GrpcChannel channel = AuthorityChannel.Create(server.Address, identity, _clock);
        return await AskAsync(server, channel);
    }

    private async Task<string> AskAsync(OpensslServer server, GrpcChannel channel)
    {
        var client = new Wire.EnrolmentService.EnrolmentServiceClient(channel);
        EnrolmentFailedException fault = await Assert.ThrowsAsync<EnrolmentFailedException>(() => EnrolmentCalls.AskAsync(
            server.Address, _clock, token => client.GetRootAsync(new(), cancellationToken: token), default).Soon());
        return fault.Message;
    }

    private async Task<string> AskAsync(X509Certificate2 own, X509Certificate2[] sent, string[] options)
    {
        // -rev answers each line with the same line turned round: bytes, and none of HTTP/2.
        await using OpensslServer server = await OpensslServer.StartAsync(own, sent, [.. options, "-rev"]);
        using GrpcChannel channel = AuthorityChannel.CreateFirst(server.Address, _authority.Root.RawData, _clock);
        return await AskAsync(server, channel);
    }
}

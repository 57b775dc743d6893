using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Enrolment.Acts;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Protos.V1;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Enrolment;

/// <summary>The server's own certificate: short, and renewed by itself.</summary>
public sealed class ServerIdentityTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_certificate_with_a_third_of_its_life_left_is_renewed_at_the_start_and_while_the_server_runs(bool atStart)
    {
        // Made long ago, so that its successor is good now, by the machine's clock, which clients go by.
        var time = new ManualTime(Now - TimeSpan.FromDays(270));
        await using AuthorityHost host = await AuthorityHost.StartAsync(time: time);
        string first = await ShownAsync(host);
        time.StepWallClock(TimeSpan.FromDays(260));
        time.Advance(ServerIdentity.Pace);
        Assert.Equal(first, await ShownAsync(host)); // 137 of 398 days are left

        time.StepWallClock(TimeSpan.FromDays(9));
        if (atStart)
        {
            await host.StopServerAsync();
            await host.StartServerAsync();
        }
        else
        {
            time.Advance(ServerIdentity.Pace);
        }

        string second = await ShownAsync(host);
        Assert.NotEqual(first, second);
        using (var written = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(host.Folder.ServerCertificate, TestContext.Current.CancellationToken)))
        {
            Assert.Equal(second, written.Thumbprint);
        }

        ActBody act = ActChain.Read(host.Server.Registry.Query(q => q.LastAct())!.Body.Span)!;
        Assert.Equal(ActKind.ServerCertificateRenewed, act.Act);
        time.Advance(ServerIdentity.Pace);
        Assert.Equal(second, await ShownAsync(host));
    }

    [Fact]
    public async Task Without_the_issuing_key_the_server_goes_on_with_what_it_has_and_says_so()
    {
        var time = new ManualTime(Now - TimeSpan.FromDays(300));
        await using AuthorityHost host = await AuthorityHost.StartAsync(time: time);
        string first = await ShownAsync(host);
        File.Move(host.Folder.IssuingKey, host.Folder.IssuingKey + ".away");
        time.StepWallClock(TimeSpan.FromDays(299));
        host.Log.ExpectsErrors = true;
        time.Advance(ServerIdentity.Pace);
        Assert.Equal(first, await ShownAsync(host));
        Assert.Contains(host.Log.Lines, l => l.Contains("cannot be renewed", StringComparison.Ordinal));

        File.Move(host.Folder.IssuingKey + ".away", host.Folder.IssuingKey);
        time.Advance(ServerIdentity.Pace);
        Assert.NotEqual(first, await ShownAsync(host));
    }

    /// <summary>Thumbprint of the certificate that a new connection is shown, which leads to the root.</summary>
    private static async Task<string> ShownAsync(AuthorityHost host)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", host.Server.Address.Port, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream());
        using var root = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(host.Folder.RootCertificate, TestContext.Current.CancellationToken));
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(root);
        await tls.AuthenticateAsClientAsync(
            new() { TargetHost = "localhost", CertificateChainPolicy = policy, ApplicationProtocols = [SslApplicationProtocol.Http2] },
            TestContext.Current.CancellationToken).Soon();
        return ((X509Certificate2)tls.RemoteCertificate!).Thumbprint;
    }
}

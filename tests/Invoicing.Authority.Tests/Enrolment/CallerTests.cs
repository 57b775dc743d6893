using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Protos.V1;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Enrolment;

public sealed class CallerTests
{
    [Fact]
    public async Task A_caller_without_a_certificate_is_told_so()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        ClientBundle bundle = await host.AddDeviceAsync();

        RpcException refusal = await AskAsync(host, bundle.AuthorityRoot, own: null);
        Assert.Equal(StatusCode.Unauthenticated, refusal.StatusCode);
        Assert.Contains("found none", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_another_authority_issued_is_refused_with_the_reason()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        await using AuthorityHost other = await AuthorityHost.StartAsync();
        ClientBundle bundle = await host.AddDeviceAsync();
        ClientBundle foreign = await other.AddDeviceAsync();

        RpcException refusal = await AskAsync(host, bundle.AuthorityRoot, foreign);
        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
        Assert.Contains("expected a certificate issued by this authority", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_somebody_made_himself_is_refused_with_the_reason()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        ClientBundle bundle = await host.AddDeviceAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 own = new CertificateRequest("CN=shop-1", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));

        RpcException refusal = await AskAsync(
            host, bundle.AuthorityRoot, new("own", own.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), bundle.AuthorityRoot, default));
        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
        Assert.Contains("expected a certificate issued by this authority, found one of 'CN=shop-1'", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_not_listed_any_more_is_refused_with_the_reason()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        ClientBundle bundle = await host.AddDeviceAsync();
        await host.StopServerAsync();
        File.Delete(host.Folder.Registry);
        AuthorityRegistry.Make(host.Folder, host.Time, "os:test", new(ActKind.AuthorityMade, "an older copy"));
        await host.StartServerAsync();

        RpcException refusal = await AskAsync(host, bundle.AuthorityRoot, bundle);
        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
        Assert.Contains("does not list any more", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_may_not_follow_and_a_follower_may_not_deliver()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        ClientBundle device = await host.AddDeviceAsync();
        ClientBundle follower = host.AddFollower();
        using AsyncServerStreamingCall<FeedMessage> call =
            new FeedService.FeedServiceClient(host.Connect(device)).Follow(new(), cancellationToken: TestContext.Current.CancellationToken);

        RpcException refusal = await Assert.ThrowsAsync<RpcException>(
            () => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Soon());
        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
        Assert.Contains("expected a certificate of a follower, found that of device 'shop-1'", refusal.Status.Detail, StringComparison.Ordinal);

        RpcException other = await AskAsync(host, follower.AuthorityRoot, follower);
        Assert.Contains("expected a certificate of a device, found that of follower 'official-1'", other.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_follower_s_certificate_that_has_ended_is_told_so()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using AuthorityHost host = await AuthorityHost.StartAsync(time: time);
        ClientBundle follower = host.AddFollower();
        time.StepWallClock(TimeSpan.FromDays(826));
        using AsyncServerStreamingCall<FeedMessage> call =
            new FeedService.FeedServiceClient(host.Connect(follower)).Follow(new(), cancellationToken: TestContext.Current.CancellationToken);

        RpcException refusal = await Assert.ThrowsAsync<RpcException>(
            () => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Soon());
        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
        Assert.Contains("ask the authority for another bundle", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_is_enrolled_while_the_server_runs_is_known_at_once()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        ClientBundle bundle = await host.AddDeviceAsync();
        using SampleChain chain = new SampleChain(EnrolmentGrant.Read(bundle.Enrolment)).With(invoices: 1);
        using var client = new IntakeClient(host.Connect(bundle));

        await client.HelloAsync(chain);
        await client.SendAsync(chain.Entries);
        await client.AnswerForAsync(2, bundle);
    }

    private static async Task<RpcException> AskAsync(AuthorityHost host, string root, ClientBundle? own)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(root));
        using var handler = new SocketsHttpHandler { SslOptions = new() { CertificateChainPolicy = policy } };
        using X509Certificate2? certificate = own is null ? null : X509Certificate2.CreateFromPem(own.Certificate, own.PrivateKey);
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true);
        }

        using var channel = GrpcChannel.ForAddress(host.Server.Address, new() { HttpHandler = handler });
        return await Assert.ThrowsAsync<RpcException>(() => new IntakeService.IntakeServiceClient(channel).GetRegisterHistoryAsync(
            new() { Register = "SIM-0001" }, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync.Soon());
    }
}

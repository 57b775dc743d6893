using System.Net;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Protos.V1;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Intruders;

/// <summary>Known peers that do not read what is written to them: a lot is told of and cut after a minute of the authority's clock, a little after its grace.</summary>
public sealed class SlowReaderTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ManualTime _time = new(TimeProvider.System.GetUtcNow());
    private AuthorityHost _host = null!;
    private X509Certificate2 _root = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await AuthorityHost.StartAsync(time: _time, gate: new() { ReadGrace = TimeSpan.FromSeconds(3) });
        _root = CertificateAuthority.LoadRoot(_host.Folder);
    }

    public async ValueTask DisposeAsync()
    {
        _root.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_follower_that_lets_entries_lie_is_cut_and_told_of()
    {
        ClientBundle bundle = await _host.AddDeviceAsync();
        using SampleChain chain = new SampleChain(EnrolmentGrant.Read(bundle.Enrolment)).With(invoices: 299);
        using (var client = new IntakeClient(_host.Connect(bundle)))
        {
            await client.HelloAsync(chain);
            await client.SendAsync(chain.Entries);
            await client.AnswerForAsync(300, bundle);
        }

        await using RawHttp2 blind = await BlindAsync(_host.AddFollower());
        int stream = blind.NextStream();
        await blind.HeadersAsync(stream, RawHttp2.CallHeaders("/invoicing.v1.FeedService/Follow"));
        byte[] request = new FollowRequest { HeartbeatMs = 100 }.ToByteArray();
        await blind.DataAsync(stream, (byte[])[0, 0, 0, 0, (byte)request.Length, .. request], endStream: true);
        await Waiting.Until(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(5));
                return _host.Log.All.Any(logged => logged.StartsWith("3150 A follower at ", StringComparison.Ordinal));
            },
            "told of", Patience);
        await blind.Closed.Soon(Patience);
    }

    [Fact]
    public async Task A_device_that_opens_no_window_is_cut()
    {
        await using RawHttp2 blind = await BlindAsync(await _host.AddDeviceAsync());
        await blind.HeadersAsync(blind.NextStream(), RawHttp2.CallHeaders("/invoicing.v1.IntakeService/Submit"));

        await blind.Closed.Soon(Patience);
    }

    private async Task<RawHttp2> BlindAsync(ClientBundle bundle)
    {
        using var certificate = X509Certificate2.CreateFromPem(bundle.Certificate, bundle.PrivateKey);
        return await RawHttp2.ConnectAsync(_host.Server.Address, _root, certificate, IPAddress.Loopback, (0x4, 0)).Soon(Patience);
    }
}

using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Protos.V1;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Gate;

/// <summary>The door: strangers are few, short and quiet; who belongs here does not feel them.</summary>
public sealed class ConnectionGateTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly IPAddress Elsewhere = IPAddress.Parse("127.0.0.2");

    [Fact]
    public async Task A_thousand_idle_connections_leave_room_for_honest_tills()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        ClientBundle bundle = await host.AddDeviceAsync();
        using SampleChain chain = new SampleChain(EnrolmentGrant.Read(bundle.Enrolment)).With(invoices: 9);
        List<Socket> idle = await OpenAsync(host, Elsewhere, 1_000);
        try
        {
            await Waiting.Until(() => host.Server.Gate.Refused >= 1_000 - host.Gate.ConnectionBurst, "turned away the rest", Patience);
            Assert.InRange(host.Server.Gate.Strangers, 0, host.Gate.StrangersPerAddress);
            using var client = new IntakeClient(host.Connect(bundle));
            await client.HelloAsync(chain);
            await client.SendAsync(chain.Entries);
            await client.AnswerForAsync(10, bundle);
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task A_connection_that_says_nothing_is_cut_after_its_time()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync(gate: new() { StrangerTime = TimeSpan.FromMilliseconds(300) });
        List<Socket> idle = await OpenAsync(host, IPAddress.Loopback, 3);
        foreach (Socket socket in idle)
        {
            Assert.Equal(0, await ReadAsync(socket));
            socket.Dispose();
        }

        await Waiting.Until(() => host.Server.Gate.Strangers == 0, "left", Patience);
        Assert.Equal(3, host.Server.Gate.Refused);
    }

    [Fact]
    public async Task A_known_client_outlives_a_strangers_time_and_is_counted_off()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync(gate: new() { StrangerTime = TimeSpan.FromSeconds(6) });
        ClientBundle bundle = await host.AddDeviceAsync();
        using SampleChain chain = new SampleChain(EnrolmentGrant.Read(bundle.Enrolment)).With(invoices: 9);
        using var client = new IntakeClient(host.Connect(bundle));
        await client.HelloAsync(chain);
        Assert.Equal(0, host.Server.Gate.Strangers);
        List<Socket> idle = await OpenAsync(host, IPAddress.Loopback, 1);
        Assert.Equal(0, await ReadAsync(idle[0])); // this one's time is over, which began later

        await client.SendAsync(chain.Entries);
        await client.AnswerForAsync(10, bundle);
        idle[0].Dispose();
    }

    [Fact]
    public async Task More_connections_from_an_address_than_its_burst_are_closed_unread()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync(gate: new() { ConnectionBurst = 5, ConnectionsPerSecond = 1, StrangersPerAddress = 100 });
        List<Socket> many = await OpenAsync(host, Elsewhere, 50);
        await Waiting.Until(() => host.Server.Gate.Refused >= 40, "turned away", Patience);
        Assert.InRange(host.Server.Gate.Strangers, 1, 10);
        many.ForEach(socket => socket.Dispose());
        await Waiting.Until(() => host.Server.Gate.Strangers == 0, "left", Patience);
    }

    [Fact]
    public async Task A_stranger_has_few_requests()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync(gate: new() { StrangerRequests = 3 });
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(CertificateAuthority.LoadRoot(host.Folder));
        using var channel = GrpcChannel.ForAddress(host.Server.Address, new GrpcChannelOptions { HttpHandler = handler });
        var stranger = new IntakeService.IntakeServiceClient(channel);
        for (int i = 0; i < 3; i++)
        {
            RpcException refused = await Assert.ThrowsAsync<RpcException>(() => AskAsync(stranger));
            Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        }

        RpcException cut = await Assert.ThrowsAsync<RpcException>(() => AskAsync(stranger));
        Assert.NotEqual(StatusCode.Unauthenticated, cut.StatusCode);
        Assert.Equal(1, host.Server.Gate.Refused);
    }

    [Fact]
    public async Task A_known_client_that_floods_with_requests_is_cut()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync(gate: new() { RequestBurst = 20, RequestsPerSecond = 1 });
        var client = new IntakeService.IntakeServiceClient(host.Connect(await host.AddDeviceAsync()));
        for (int i = 0; i < 15; i++)
        {
            Assert.False((await AskAsync(client)).Known);
        }

        await Assert.ThrowsAsync<RpcException>(async () =>
        {
            for (int i = 0; i < 30; i++)
            {
                await AskAsync(client);
            }
        });
        Assert.True(host.Server.Gate.Refused >= 1);
    }

    [Fact]
    public async Task A_trusted_network_is_not_counted()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync(
            gate: new() { ConnectionBurst = 5, ConnectionsPerSecond = 1, Trusted = [IPNetwork.Parse("127.0.0.2/32")] });
        List<Socket> many = await OpenAsync(host, Elsewhere, 50);
        List<Socket> counted = await OpenAsync(host, IPAddress.Loopback, 50);
        await Waiting.Until(() => host.Server.Gate.Refused >= 40, "turned away those of the other address", Patience);
        Assert.All(many, socket => Assert.True(socket.Connected && !(socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0)));
        many.ForEach(socket => socket.Dispose());
        counted.ForEach(socket => socket.Dispose());
    }

    private static async Task<RegisterHistoryResponse> AskAsync(IntakeService.IntakeServiceClient client) => await client.GetRegisterHistoryAsync(
        new() { Register = "SIM-0001", Epoch = 1 }, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync.Soon(Patience);

    private static async Task<List<Socket>> OpenAsync(AuthorityHost host, IPAddress from, int count)
    {
        var sockets = new List<Socket>();
        for (int i = 0; i < count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(from, 0));
            sockets.Add(socket);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, host.Server.Address.Port, TestContext.Current.CancellationToken).AsTask().Soon();
            }
            catch (SocketException)
            {
                continue; // turned away before this side knew that it was through
            }
        }

        return sockets;
    }

    /// <summary>Bytes until the server closes: none.</summary>
    private static async Task<int> ReadAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[16], TestContext.Current.CancellationToken).AsTask().Soon(Patience);
        }
        catch (SocketException)
        {
            return 0; // reset
        }
    }
}

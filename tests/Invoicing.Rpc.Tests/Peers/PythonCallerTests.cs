using Grpc.Core;
using Invoicing.Rpc.Tests.Hosting;
using Invoicing.Rpc.Tests.Protocol;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Invoicing.Rpc.Tests.Peers;

/// <summary>Our server, called by grpcio.</summary>
public sealed class PythonCallerTests
{
    [Theory]
    [InlineData("unary")]
    [InlineData("client_stream")]
    [InlineData("server_stream")]
    [InlineData("duplex")]
    [InlineData("errors")]
    [InlineData("deadlines")]
    [InlineData("metadata")]
    [InlineData("many")]
    [InlineData("too_large")]
    public async Task A_caller_in_python_is_served(string check)
    {
        await using EchoHost host = await EchoHost.StartAsync();

        await PythonPeer.CheckAsync(check, host);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task A_caller_in_python_may_compress(string encoding)
    {
        await using EchoHost host = await EchoHost.StartAsync(server: options => options.ResponseCompressionAlgorithm = encoding);

        await PythonPeer.CheckAsync("compressed", host, null, "--compression", encoding);
    }

    [Fact]
    public async Task Ten_megabytes_of_a_caller_in_python_go_there_and_back_with_raised_limits()
    {
        await using EchoHost host = await EchoHost.StartAsync(server: options => options.MaxReceiveMessageSize = 16_000_000);

        await PythonPeer.CheckAsync("large", host, null, "--unlimited");
    }

    [Fact]
    public async Task A_caller_in_python_that_cancels_is_seen_to_by_the_handler()
    {
        var cancelled = new TaskCompletionSource();
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Talk = async (requests, replies, context) =>
            {
                await using CancellationTokenRegistration registration = context.CancellationToken.Register(() => cancelled.TrySetResult());
                Assert.True(await requests.MoveNext());
                await replies.WriteAsync(new EchoReply { Text = requests.Current.Text });
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            },
        });

        await PythonPeer.CheckAsync("cancellation", host);

        await cancelled.Task.Soon();
    }

    [Fact]
    public async Task A_caller_in_python_is_known_by_its_certificate()
    {
        using var certificates = new TestCertificates();
        await using EchoHost host = await StartAsync(certificates);

        await PythonPeer.CheckAsync("identity", host, certificates);
        await PythonPeer.CheckAsync("refused", host, certificates, "--anonymous");
    }

    private static Task<EchoHost> StartAsync(TestCertificates certificates) =>
        EchoHost.StartAsync(
            new Handlers
            {
                Say = (_, context) =>
                    Task.FromResult(new EchoReply { Text = context.GetHttpContext().Connection.ClientCertificate!.Subject }),
            },
            listen: endpoint => endpoint.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = certificates.Server,
                ClientCertificateMode = ClientCertificateMode.RequireCertificate,
                ClientCertificateValidation = (certificate, _, _) => certificates.IsIssued(certificate),
            }));
}

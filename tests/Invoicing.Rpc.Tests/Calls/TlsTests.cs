using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Invoicing.Rpc.Tests.Hosting;
using Invoicing.Rpc.Tests.Protocol;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Invoicing.Rpc.Tests.Calls;

public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task The_handler_sees_the_client_certificate_over_http2_agreed_by_alpn()
    {
        var seen = new TaskCompletionSource<(string? Subject, string Protocol, AuthContext Proven)>();
        await using EchoHost host = await StartAsync(
            new Handlers
            {
                Talk = async (_, replies, context) =>
                {
                    Microsoft.AspNetCore.Http.HttpContext http = context.GetHttpContext();
                    seen.SetResult((http.Connection.ClientCertificate?.Subject, http.Request.Protocol, context.AuthContext));
                    await replies.WriteAsync(new EchoReply());
                },
            },
            _certificates.Client);
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> call = host.Client.Talk();
        Assert.True(await call.ResponseStream.MoveNext().Soon());

        (string? subject, string protocol, AuthContext proven) = await seen.Task.Soon();

        Assert.Equal("CN=device 7", subject);
        Assert.Equal("HTTP/2", protocol);
        Assert.True(proven.IsPeerAuthenticated);
        Assert.Equal("x509_subject_alternative_name", proven.PeerIdentityPropertyName);
        Assert.Equal("device7.shop.example", proven.PeerIdentity.Single().Value);
        Assert.Equal("device 7", proven.FindPropertiesByName("x509_common_name").Single().Value);
    }

    [Fact]
    public async Task A_caller_without_a_certificate_is_refused_where_one_is_required()
    {
        await using EchoHost host = await StartAsync(new Handlers(), client: null);

        await Assert.ThrowsAsync<RpcException>(() => host.Client.SayAsync(new EchoRequest()).ResponseAsync.Soon());
    }

    [Fact]
    public async Task A_caller_of_another_authority_is_refused()
    {
        using var others = new TestCertificates();
        await using EchoHost host = await StartAsync(new Handlers(), others.Client);

        await Assert.ThrowsAsync<RpcException>(() => host.Client.SayAsync(new EchoRequest()).ResponseAsync.Soon());
    }

    [Fact]
    public async Task A_server_of_another_authority_is_not_trusted()
    {
        using var others = new TestCertificates();
        await using EchoHost host = await StartAsync(new Handlers(), _certificates.Client, trusts: others);

        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => host.Client.SayAsync(new EchoRequest()).ResponseAsync.Soon());

        Assert.Contains("AuthenticationException", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_proven_without_tls()
    {
        var seen = new TaskCompletionSource<bool>();
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Say = (_, context) =>
            {
                seen.SetResult(context.AuthContext.IsPeerAuthenticated);
                return Task.FromResult(new EchoReply());
            },
        });

        await host.Client.SayAsync(new EchoRequest()).ResponseAsync.Soon();

        Assert.False(await seen.Task.Soon());
    }

    private Task<EchoHost> StartAsync(Handlers handlers, X509Certificate2? client, TestCertificates? trusts = null) =>
        EchoHost.StartAsync(
            handlers,
            listen: endpoint =>
            {
                // Both are offered, so that only ALPN can have chosen HTTP/2.
                endpoint.Protocols = HttpProtocols.Http1AndHttp2;
                endpoint.UseHttps(new HttpsConnectionAdapterOptions
                {
                    ServerCertificate = _certificates.Server,
                    ClientCertificateMode = ClientCertificateMode.RequireCertificate,
                    ClientCertificateValidation = (certificate, _, _) => _certificates.IsIssued(certificate),
                });
            },
            channel: new GrpcChannelOptions
            {
                DisposeHttpClient = true,
                HttpHandler = new SocketsHttpHandler
                {
                    SslOptions = new SslClientAuthenticationOptions
                    {
                        ClientCertificates = client is null ? null : [client],
                        RemoteCertificateValidationCallback = (_, certificate, _, _) => (trusts ?? _certificates).IsIssued(certificate),
                    },
                },
            });
}

using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Invoicing.Rpc.Tests.Protocol;

namespace Invoicing.Rpc.Tests.Hosting;

/// <summary>A call made by hand over HTTP/2, to send what no gRPC client would and to see what one hides.</summary>
internal sealed class RawCall : IDisposable
{
    public const string Say = "Say";

    private readonly SocketsHttpHandler _handler = new();
    private readonly HttpMessageInvoker _invoker;

    public RawCall() => _invoker = new HttpMessageInvoker(_handler);

    /// <summary>One message with its header of five bytes.</summary>
    public static byte[] Frame(byte[] message, byte flag = 0, uint? length = null)
    {
        byte[] frame = new byte[5 + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), length ?? (uint)message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    public static byte[] Frame(IMessage message) => Frame(message.ToByteArray());

    public async Task<RawAnswer> SendAsync(
        EchoHost host,
        HttpContent body,
        string path,
        string? contentType = "application/grpc",
        HttpMethod? method = null,
        Version? version = null,
        params (string Name, string Value)[] headers)
    {
        if (!path.Contains('/', StringComparison.Ordinal))
        {
            path = $"/invoicing.rpc.tests.v1.EchoService/{path}";
        }

        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, new Uri(host.Address, path))
        {
            Version = version ?? HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
        };
        body.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        request.Headers.TryAddWithoutValidation("te", "trailers");
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await _invoker.SendAsync(request, TestContext.Current.CancellationToken).Soon();
        byte[] bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken).Soon();
        return new RawAnswer(response, bytes);
    }

    public Task<RawAnswer> SendAsync(EchoHost host, byte[] body, params (string Name, string Value)[] headers) =>
        SendAsync(host, body, Say, headers: headers);

    public async Task<RawAnswer> SendAsync(
        EchoHost host,
        byte[] body,
        string path,
        string? contentType = "application/grpc",
        HttpMethod? method = null,
        Version? version = null,
        params (string Name, string Value)[] headers)
    {
        using var content = new ByteArrayContent(body);
        return await SendAsync(host, content, path, contentType, method, version, headers);
    }

    public void Dispose()
    {
        _invoker.Dispose();
        _handler.Dispose();
    }
}

/// <summary>What came back, read to its end.</summary>
internal sealed record RawAnswer(HttpStatusCode HttpStatus, Dictionary<string, string> Headers, Dictionary<string, string> Trailers, byte[] Body)
{
    public RawAnswer(HttpResponseMessage response, byte[] body)
        : this(response.StatusCode, Texts(response.Headers), Texts(response.TrailingHeaders), body)
    {
    }

    /// <summary>From the trailers, or, where nothing else was sent, the headers.</summary>
    public string? Status => Trailers.GetValueOrDefault("grpc-status") ?? Headers.GetValueOrDefault("grpc-status");

    public string? Message => Trailers.GetValueOrDefault("grpc-message") ?? Headers.GetValueOrDefault("grpc-message");

    public EchoReply Reply => EchoReply.Parser.ParseFrom(Body.AsSpan(5).ToArray());

    private static Dictionary<string, string> Texts(HttpHeaders headers) =>
        headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase);
}

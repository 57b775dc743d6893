using System.Globalization;
using System.Net;

namespace Invoicing.Benchmarks.Rpc;

/// <summary>The same bytes over bare HTTP/2 streams, written through the same kind of pump.</summary>
internal sealed class BareTraffic(Uri address) : ITraffic
{
    private static readonly byte[] SmallFrame = new byte[BenchmarkServer.HeaderSize + BenchmarkServer.SmallSize];

    private readonly HttpMessageInvoker _invoker = new(Handler());

    public static SocketsHttpHandler Handler() => new()
    {
        EnableMultipleHttp2Connections = true,
        InitialHttp2StreamWindowSize = 1024 * 1024,
    };

    public async Task<long> UnaryAsync(Func<bool> goesOn)
    {
        byte[] buffer = new byte[64 * 1024];
        long count = 0;
        for (; goesOn(); count++)
        {
            using HttpResponseMessage response = await SendAsync("unary", new BareContent(SmallFrame));
            await ReadAsync(await response.Content.ReadAsStreamAsync(), buffer);
        }

        return count;
    }

    public async Task<long> PingPongAsync(Func<bool> goesOn)
    {
        using var pump = new BarePump();
        using HttpResponseMessage response = await SendAsync("pingpong", pump);
        Stream answers = await response.Content.ReadAsStreamAsync();
        byte[] buffer = new byte[64 * 1024];
        long count = 0;
        for (; goesOn(); count++)
        {
            await pump.WriteAsync(SmallFrame);
            await answers.ReadExactlyAsync(buffer.AsMemory(0, SmallFrame.Length));
        }

        await pump.Writer.CompleteAsync();
        await ReadAsync(answers, buffer);
        return count;
    }

    public async Task<long> UpAsync(int size, Func<bool> goesOn)
    {
        using var pump = new BarePump();
        Task<HttpResponseMessage> sending = SendAsync("up", pump);
        byte[] frame = new byte[BenchmarkServer.HeaderSize + size];
        long count = 0;
        for (; (count & 15) != 0 || goesOn(); count++)
        {
            await pump.WriteAsync(frame);
        }

        await pump.Writer.CompleteAsync();
        using HttpResponseMessage response = await sending;
        await ReadAsync(await response.Content.ReadAsStreamAsync(), new byte[4096]);
        return count;
    }

    public async Task<long> DownAsync(int size, long count)
    {
        using HttpResponseMessage response = await SendAsync(
            "down",
            new BareContent(SmallFrame),
            ("x-size", size.ToString(CultureInfo.InvariantCulture)),
            ("x-count", count.ToString(CultureInfo.InvariantCulture)));
        long bytes = await ReadAsync(await response.Content.ReadAsStreamAsync(), new byte[128 * 1024]);
        return bytes / (BenchmarkServer.HeaderSize + size);
    }

    public void Dispose() => _invoker.Dispose();

    private static async Task<long> ReadAsync(Stream stream, byte[] buffer)
    {
        long bytes = 0;
        while (await stream.ReadAsync(buffer) is > 0 and int read)
        {
            bytes += read;
        }

        return bytes;
    }

    private async Task<HttpResponseMessage> SendAsync(string what, HttpContent content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/bare/" + what))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        // A call that nobody could give up would not be the same.
        using var stop = new CancellationTokenSource();
        return await _invoker.SendAsync(request, stop.Token);
    }

    /// <summary>One message, without a content-length, as gRPC sends it.</summary>
    private sealed class BareContent(byte[] bytes) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(bytes).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

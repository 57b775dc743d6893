using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Invoicing.Benchmarks.Rpc;

/// <summary>The other process: the layer's service, and beside it the same bytes over bare HTTP/2 streams.</summary>
internal static class BenchmarkServer
{
    public const int SmallSize = 500;

    /// <summary>A message as it lies on the wire: the bare form moves as many bytes.</summary>
    public const int HeaderSize = 5;

    /// <summary>Flushed at so much on the way down, as the layer does it.</summary>
    private const int FlushSize = 16 * 1024;

    private static readonly byte[] SmallFrame = new byte[HeaderSize + SmallSize];

    public static Blob SmallBlob { get; } = new(new byte[SmallSize]);

    /// <summary>Serves until its standard input ends; first says its port.</summary>
    public static async Task<int> RunAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.Http2.InitialStreamWindowSize = 1024 * 1024;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 4 * 1024 * 1024;
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<BlobService>();
        await using WebApplication app = builder.Build();
        app.MapGrpcService<BlobService>();
        app.MapPost("/bare/unary", UnaryAsync);
        app.MapPost("/bare/pingpong", PingPongAsync);
        app.MapPost("/bare/up", UpAsync);
        app.MapPost("/bare/down", DownAsync);
        await app.StartAsync();
        Console.WriteLine(new Uri(app.Urls.Single()).Port);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>What a caller asks to be sent down.</summary>
    public static (int Size, long Count) Asked(HttpContext http) => (
        int.Parse(http.Request.Headers["x-size"].ToString(), CultureInfo.InvariantCulture),
        long.Parse(http.Request.Headers["x-count"].ToString(), CultureInfo.InvariantCulture));

    private static async Task UnaryAsync(HttpContext http)
    {
        await DrainAsync(http.Request.BodyReader);
        await http.Response.StartAsync();
        http.Response.BodyWriter.Write(SmallFrame);
    }

    private static async Task PingPongAsync(HttpContext http)
    {
        await http.Response.StartAsync();
        await http.Response.BodyWriter.FlushAsync();
        while (true)
        {
            ReadResult result = await http.Request.BodyReader.ReadAtLeastAsync(SmallFrame.Length);
            if (result.Buffer.Length < SmallFrame.Length)
            {
                return;
            }

            http.Request.BodyReader.AdvanceTo(result.Buffer.GetPosition(SmallFrame.Length));
            http.Response.BodyWriter.Write(SmallFrame);
            await http.Response.BodyWriter.FlushAsync();
        }
    }

    private static async Task UpAsync(HttpContext http)
    {
        await DrainAsync(http.Request.BodyReader);
        await http.Response.StartAsync();
        http.Response.BodyWriter.Write(SmallFrame);
    }

    private static async Task DownAsync(HttpContext http)
    {
        (int size, long count) = Asked(http);
        byte[] frame = new byte[HeaderSize + size];
        await DrainAsync(http.Request.BodyReader);
        await http.Response.StartAsync();
        int unflushed = 0;
        for (long i = 0; i < count; i++)
        {
            http.Response.BodyWriter.Write(frame);
            unflushed += frame.Length;
            if (unflushed >= FlushSize)
            {
                unflushed = 0;
                await http.Response.BodyWriter.FlushAsync();
            }
        }
    }

    private static async Task DrainAsync(PipeReader reader)
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync();
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return;
            }
        }
    }
}

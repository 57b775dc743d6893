using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;

namespace Invoicing.Benchmarks.Rpc;

/// <summary>Over the layer.</summary>
internal sealed class LayerTraffic(Uri address) : ITraffic
{
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(
        address, new GrpcChannelOptions { HttpHandler = BareTraffic.Handler(), DisposeHttpClient = true });

    public async Task<long> UnaryAsync(Func<bool> goesOn)
    {
        CallInvoker invoker = _channel.CreateCallInvoker();
        long count = 0;
        for (; goesOn(); count++)
        {
            await invoker.AsyncUnaryCall(BlobServiceBase.Unary, null, default, BenchmarkServer.SmallBlob);
        }

        return count;
    }

    public async Task<long> PingPongAsync(Func<bool> goesOn)
    {
        using AsyncDuplexStreamingCall<Blob, Blob> call =
            _channel.CreateCallInvoker().AsyncDuplexStreamingCall(BlobServiceBase.PingPong, null, default);
        long count = 0;
        for (; goesOn(); count++)
        {
            await call.RequestStream.WriteAsync(BenchmarkServer.SmallBlob);
            await call.ResponseStream.MoveNext(CancellationToken.None);
        }

        await call.RequestStream.CompleteAsync();
        await call.ResponseStream.MoveNext(CancellationToken.None);
        return count;
    }

    public async Task<long> UpAsync(int size, Func<bool> goesOn)
    {
        using AsyncClientStreamingCall<Blob, Blob> call =
            _channel.CreateCallInvoker().AsyncClientStreamingCall(BlobServiceBase.Up, null, default);
        var blob = new Blob(new byte[size]);
        long count = 0;
        for (; (count & 15) != 0 || goesOn(); count++)
        {
            await call.RequestStream.WriteAsync(blob);
        }

        await call.RequestStream.CompleteAsync();
        await call.ResponseAsync;
        return count;
    }

    public async Task<long> DownAsync(int size, long count)
    {
        var headers = new Metadata
        {
            { "x-size", size.ToString(CultureInfo.InvariantCulture) },
            { "x-count", count.ToString(CultureInfo.InvariantCulture) },
        };
        using AsyncServerStreamingCall<Blob> call = _channel.CreateCallInvoker()
            .AsyncServerStreamingCall(BlobServiceBase.Down, null, new CallOptions(headers), BenchmarkServer.SmallBlob);
        long read = 0;
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            read++;
        }

        return read;
    }

    public void Dispose() => _channel.Dispose();
}

using Grpc.Core;

namespace Invoicing.Benchmarks.Rpc;

/// <summary>The four kinds of call over blobs, bound as generated code would.</summary>
[BindServiceMethod(typeof(BlobService), nameof(BindService))]
internal class BlobService
{
    public static readonly Method<Blob, Blob> Unary = Of(MethodType.Unary, nameof(Echo));
    public static readonly Method<Blob, Blob> PingPong = Of(MethodType.DuplexStreaming, nameof(Talk));
    public static readonly Method<Blob, Blob> Up = Of(MethodType.ClientStreaming, nameof(Collect));
    public static readonly Method<Blob, Blob> Down = Of(MethodType.ServerStreaming, nameof(Expand));

    public static void BindService(ServiceBinderBase binder, BlobService? service)
    {
        binder.AddMethod(Unary, service is null ? null : service.Echo);
        binder.AddMethod(PingPong, service is null ? null : service.Talk);
        binder.AddMethod(Up, service is null ? null : service.Collect);
        binder.AddMethod(Down, service is null ? null : service.Expand);
    }

    public virtual Task<Blob> Echo(Blob request, ServerCallContext context) => Task.FromResult(BenchmarkServer.SmallBlob);

    public virtual async Task Talk(IAsyncStreamReader<Blob> requests, IServerStreamWriter<Blob> responses, ServerCallContext context)
    {
        while (await requests.MoveNext(CancellationToken.None))
        {
            await responses.WriteAsync(BenchmarkServer.SmallBlob);
        }
    }

    public virtual async Task<Blob> Collect(IAsyncStreamReader<Blob> requests, ServerCallContext context)
    {
        while (await requests.MoveNext(CancellationToken.None))
        {
            // Counted by the caller, who wrote them.
        }

        return BenchmarkServer.SmallBlob;
    }

    public virtual async Task Expand(Blob request, IServerStreamWriter<Blob> responses, ServerCallContext context)
    {
        (int size, long count) = BenchmarkServer.Asked(context.GetHttpContext());
        var blob = new Blob(new byte[size]);
        for (long i = 0; i < count; i++)
        {
            await responses.WriteAsync(blob);
        }
    }

    private static Method<Blob, Blob> Of(MethodType type, string name) => new(type, "bench.Blobs", name, Blob.Marshaller, Blob.Marshaller);
}

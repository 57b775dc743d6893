using Grpc.Core;

namespace Invoicing.Benchmarks.Rpc;

/// <summary>The four kinds of call over blobs, bound as generated code would.</summary>
[BindServiceMethod(typeof(BlobServiceBase), nameof(BindService))]
internal abstract class BlobServiceBase
{
    public static readonly Method<Blob, Blob> Unary = Of(MethodType.Unary, nameof(Echo));
    public static readonly Method<Blob, Blob> PingPong = Of(MethodType.DuplexStreaming, nameof(Talk));
    public static readonly Method<Blob, Blob> Up = Of(MethodType.ClientStreaming, nameof(Collect));
    public static readonly Method<Blob, Blob> Down = Of(MethodType.ServerStreaming, nameof(Expand));

    public static void BindService(ServiceBinderBase binder, BlobServiceBase? service)
    {
        binder.AddMethod(Unary, service is null ? null : service.Echo);
        binder.AddMethod(PingPong, service is null ? null : service.Talk);
        binder.AddMethod(Up, service is null ? null : service.Collect);
        binder.AddMethod(Down, service is null ? null : service.Expand);
    }

    public abstract Task<Blob> Echo(Blob request, ServerCallContext context);

    public abstract Task Talk(IAsyncStreamReader<Blob> requests, IServerStreamWriter<Blob> responses, ServerCallContext context);

    public abstract Task<Blob> Collect(IAsyncStreamReader<Blob> requests, ServerCallContext context);

    public abstract Task Expand(Blob request, IServerStreamWriter<Blob> responses, ServerCallContext context);

    private static Method<Blob, Blob> Of(MethodType type, string name) => new(type, "bench.Blobs", name, Blob.Marshaller, Blob.Marshaller);
}

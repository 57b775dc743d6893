using Grpc.Core;

namespace Invoicing.Benchmarks.Rpc;

/// <summary>Moves blobs and does nothing else.</summary>
internal sealed class BlobService : BlobServiceBase
{
    public override Task<Blob> Echo(Blob request, ServerCallContext context) => Task.FromResult(BenchmarkServer.SmallBlob);

    public override async Task Talk(IAsyncStreamReader<Blob> requests, IServerStreamWriter<Blob> responses, ServerCallContext context)
    {
        while (await requests.MoveNext(CancellationToken.None))
        {
            await responses.WriteAsync(BenchmarkServer.SmallBlob);
        }
    }

    public override async Task<Blob> Collect(IAsyncStreamReader<Blob> requests, ServerCallContext context)
    {
        while (await requests.MoveNext(CancellationToken.None))
        {
            // Counted by the caller, who wrote them.
        }

        return BenchmarkServer.SmallBlob;
    }

    public override async Task Expand(Blob request, IServerStreamWriter<Blob> responses, ServerCallContext context)
    {
        (int size, long count) = BenchmarkServer.Asked(context.GetHttpContext());
        var blob = new Blob(new byte[size]);
        for (long i = 0; i < count; i++)
        {
            await responses.WriteAsync(blob);
        }
    }
}

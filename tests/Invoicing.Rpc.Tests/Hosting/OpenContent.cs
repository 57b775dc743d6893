using System.Net;

namespace Invoicing.Rpc.Tests.Hosting;

/// <summary>A request body that sends these bytes and then stays open until it is disposed.</summary>
internal sealed class OpenContent(byte[] bytes) : HttpContent
{
    private readonly TaskCompletionSource _end = new();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(bytes);
        await stream.FlushAsync();
        await _end.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        _end.TrySetResult();
        base.Dispose(disposing);
    }
}

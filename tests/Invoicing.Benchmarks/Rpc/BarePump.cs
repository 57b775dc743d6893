using System.Buffers;
using System.IO.Pipelines;
using System.Net;

namespace Invoicing.Benchmarks.Rpc;

/// <summary>The layer's pump without the layer: what waits in a pipe is written, with one flush whenever nothing waits.</summary>
internal sealed class BarePump : HttpContent
{
    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: 256 * 1024,
        resumeWriterThreshold: 128 * 1024,
        minimumSegmentSize: 32 * 1024,
        useSynchronizationContext: false));

    public PipeWriter Writer => _pipe.Writer;

    public ValueTask<FlushResult> WriteAsync(byte[] frame)
    {
        _pipe.Writer.Write(frame);
        return _pipe.Writer.FlushAsync();
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        while (true)
        {
            if (!_pipe.Reader.TryRead(out ReadResult result))
            {
                await stream.FlushAsync();
                result = await _pipe.Reader.ReadAsync();
            }

            foreach (ReadOnlyMemory<byte> segment in result.Buffer)
            {
                await stream.WriteAsync(segment);
            }

            _pipe.Reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}

namespace FirmwareSim.Tests.Running;

/// <summary>A line that is cut after so many bytes, wherever in a frame that is.</summary>
internal sealed class CuttingStream(Stream inner, int bytes) : Stream
{
    private readonly CancellationTokenSource _cut = new();
    private int _left = bytes;

    public CancellationToken WhenCut => _cut.Token;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public Task CutAsync() => _cut.CancelAsync();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await inner.ReadAsync(buffer[..Math.Min(buffer.Length, Math.Max(1, _left))], cancellationToken);
        _left -= read;
        if (_left <= 0)
        {
            await CutAsync();
        }

        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int part = Math.Min(buffer.Length, Math.Max(0, _left));
        await inner.WriteAsync(buffer[..part], CancellationToken.None);
        _left -= part;
        if (part < buffer.Length)
        {
            await CutAsync();
            throw new IOException("cut");
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _cut.Dispose();
        }

        base.Dispose(disposing);
    }
}

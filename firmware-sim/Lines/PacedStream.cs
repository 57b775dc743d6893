namespace FirmwareSim.Lines;

/// <summary>Lets bytes pass as a serial wire would: ten bits a byte (start, eight, stop), each way for itself.</summary>
/// <remarks>A byte arrives when its last bit would have. Times are reckoned from the start of a burst, so that roundings do not add up.</remarks>
/// <param name="inner">The line.</param>
/// <param name="speed">Bits a second, 300..1,000,000.</param>
/// <param name="time">The clock.</param>
internal sealed class PacedStream(Stream inner, int speed, TimeProvider time) : AwaitedStream
{
    private const int BitsInByte = 10;

    /// <summary>Pieces last about this long: a shorter wait than a machine's timer can keep would slow the wire down.</summary>
    private const int MillisecondsInPiece = 5;

    private readonly int _piece = Math.Max(1, speed * MillisecondsInPiece / BitsInByte / 1000);
    private readonly Burst _out = new(speed, time);
    private readonly Burst _in = new(speed, time);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await inner.ReadAsync(buffer[..Math.Min(buffer.Length, _piece)], cancellationToken);
        await _in.PassAsync(read, cancellationToken);
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (int at = 0; at < buffer.Length; at += _piece)
        {
            ReadOnlyMemory<byte> piece = buffer.Slice(at, Math.Min(_piece, buffer.Length - at));
            await _out.PassAsync(piece.Length, cancellationToken);
            await inner.WriteAsync(piece, cancellationToken);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Bytes that follow each other without a pause.</summary>
    private sealed class Burst(int speed, TimeProvider time)
    {
        /// <summary>A timer that rings late must not slow the wire: the bytes that follow within a piece's time catch up.</summary>
        private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(MillisecondsInPiece);

        private long _start;
        private long _bytes;

        public async Task PassAsync(int count, CancellationToken cancellationToken)
        {
            long now = time.GetTimestamp();
            if (_bytes == 0 || time.GetElapsedTime(_start, now) > Length(_bytes) + Slack)
            {
                _start = now;
                _bytes = 0;
            }

            _bytes += count;
            TimeSpan left = Length(_bytes) - time.GetElapsedTime(_start, now);
            if (left > TimeSpan.Zero)
            {
                // Timers count whole milliseconds: up, so that the wire is never faster than it is.
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), time, cancellationToken);
            }
        }

        private TimeSpan Length(long bytes) => TimeSpan.FromTicks(bytes * BitsInByte * TimeSpan.TicksPerSecond / speed);
    }
}

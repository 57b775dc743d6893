using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Channels;

namespace Invoicing.Registers.Lines;

/// <summary>What runs over a line, as JSON lines.</summary>
/// <remarks>
/// First <c>{"recording":1,"protocol":…,"line":…,"started":…,"masked":true,"mask":…}</c>; then <c>{"t_ms":12,"dir":"in","hex":"…"}</c>, where <c>in</c> came from the
/// register and <c>out</c> went to it; <c>{"t_ms":…,"event":"open"}</c> and <c>"gone"</c>; last <c>{"t_ms":…,"event":"end","reason":…}</c>. Bytes are written
/// down when they are masked, so a piece stands at the time of its last byte. The line never waits for the recording: what it cannot take is
/// counted in the last row.
/// </remarks>
internal sealed class LineRecording
{
    /// <summary>Rows that may wait to be fetched: a second of a fast line.</summary>
    private const int QueueSize = 1024;

    private readonly Channel<string> _rows = Channel.CreateBounded<string>(QueueSize);
    private readonly RecordingOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly long _start;
    private RecordingMask _in;
    private RecordingMask _out;
    private long _bytes;
    private long _lost;
    private bool _ended;

    internal LineRecording(string line, RecordingOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _start = time.GetTimestamp();
        _in = options.MakeMask(_key);
        _out = options.MakeMask(_key);
        Put(
            $"{{\"recording\":1,\"protocol\":{Quote(options.Protocol)},\"line\":{Quote(line)},\"started\":{Quote(time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture))},\"masked\":true,\"mask\":{Quote(_in.Name)}}}");
    }

    internal void Came(ReadOnlySpan<byte> bytes) => Take("in", isIn: true, bytes);

    internal void Went(ReadOnlySpan<byte> bytes) => Take("out", isIn: false, bytes);

    internal void Opened()
    {
        lock (_gate)
        {
            Event("open");
        }
    }

    internal void Gone()
    {
        lock (_gate)
        {
            WriteBytes("in", _in.Finish());
            WriteBytes("out", _out.Finish());
            (_in, _out) = (_options.MakeMask(_key), _options.MakeMask(_key));
            Event("gone");
        }
    }

    internal async IAsyncEnumerable<string> ReadAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ITimer timer = _time.CreateTimer(_ => End("its time was up"), null, _options.Duration, Timeout.InfiniteTimeSpan);
        CancellationTokenRegistration stop = cancellationToken.Register(() => End("ended by the caller"));
        await using (timer.ConfigureAwait(false))
        await using (stop.ConfigureAwait(false))
        {
            // Ends with the channel, which every end of the recording completes.
            await foreach (string row in _rows.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                yield return row;
            }

            yield return LastRow;
        }
    }

    private string LastRow { get; set; } = string.Empty;

    private void Take(string direction, bool isIn, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_ended || bytes.IsEmpty)
            {
                return;
            }

            WriteBytes(direction, (isIn ? _in : _out).Take(bytes));
            _bytes += bytes.Length;
            if (_bytes >= _options.Bytes)
            {
                End($"{_options.Bytes} bytes were recorded");
            }
        }
    }

    private void End(string reason)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            WriteBytes("in", _in.Finish());
            WriteBytes("out", _out.Finish());
            _ended = true;
            LastRow = string.Create(
                CultureInfo.InvariantCulture, $"{{\"t_ms\":{Now},\"event\":\"end\",\"reason\":{Quote(reason)},\"bytes\":{_bytes},\"rows_lost\":{_lost}}}");
            _rows.Writer.Complete();
        }
    }

    private void WriteBytes(string direction, byte[] bytes)
    {
        if (bytes.Length > 0)
        {
            Put(string.Create(CultureInfo.InvariantCulture, $"{{\"t_ms\":{Now},\"dir\":\"{direction}\",\"hex\":\"{Convert.ToHexString(bytes)}\"}}"));
        }
    }

    private void Event(string name) => Put(string.Create(CultureInfo.InvariantCulture, $"{{\"t_ms\":{Now},\"event\":\"{name}\"}}"));

    private void Put(string row)
    {
        if (!_ended && !_rows.Writer.TryWrite(row))
        {
            _lost++;
        }
    }

    private long Now => (long)_time.GetElapsedTime(_start).TotalMilliseconds;

    private static string Quote(string text) => "\"" + JsonEncodedText.Encode(text) + "\"";
}

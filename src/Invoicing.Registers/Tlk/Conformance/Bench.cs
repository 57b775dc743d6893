using System.Globalization;
using System.Security.Cryptography;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>A scripted gateway at one end of the line, and a watch on everything that the register says. One case uses it at a time.</summary>
/// <remarks>
/// What holds always is checked here whatever a case looks at: frames decode, seals are right, records keep their bytes, fragments follow each
/// other. PINGs of the register are answered, unless a case plays dead.
/// </remarks>
internal sealed partial class Bench(ILine line, ConformanceOptions options) : IAsyncDisposable
{
    /// <summary>Frames told in a fault: enough to see what came instead.</summary>
    private const int Told = 6;

    private const int SealLength = 16;

    private readonly TlkFrameDecoder _decoder = new() { MaxBody = TlkFrame.LargestMaxBody };
    private readonly RecordAssembly _assembly = new();
    private readonly Queue<Arrival> _arrived = [];
    private readonly List<string> _lately = [];
    private readonly byte[] _buffer = new byte[4096];
    private readonly long _start = options.Time.GetTimestamp();
    private ReadOnlyMemory<byte> _unread;
    private ILineConnection? _connection;
    private readonly Seal? _seal = options.Key.IsEmpty ? null : new(options.Key);
    private int _refused;
    private byte _txn;

    /// <summary>The highest lease id that was granted in this run.</summary>
    internal ulong LastLease { get; set; }

    /// <summary>Cuts in the middle of something so far, by whatever case.</summary>
    internal int Cuts { get; set; }

    internal ConformanceOptions Options { get; } = options;

    internal KitLedger Ledger { get; } = new();

    /// <summary>The last HELLO that came.</summary>
    internal HelloView? Hello { get; private set; }

    /// <summary>The newest record that it has told of.</summary>
    internal ulong Newest => Math.Max(Ledger.Durable, Hello!.Newest);

    internal bool IsSealed => !Options.Key.IsEmpty;

    /// <summary>Whether PINGs of the register stay without answer.</summary>
    internal bool IsMute { get; set; }

    internal CancellationToken Cancel { get; set; }

    /// <summary>Milliseconds of the run.</summary>
    internal long Now => (long)Options.Time.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>A time of the specification as the register's build counts it.</summary>
    internal long Ms(long specified) => specified / Options.TimeScale;

    /// <summary>Longer than any register needs for what it does at once: 3 s for a slow line and a slow machine, and a repetition of 8 s.</summary>
    internal TimeSpan Soon => TimeSpan.FromMilliseconds(3000 + Ms(9000));

    /// <summary>Within how long something that takes so many milliseconds by the specification has surely happened.</summary>
    internal TimeSpan Within(long specified) => Soon + TimeSpan.FromMilliseconds(Ms(specified) * 3 / 2);

    internal byte NextTxn() => _txn = _txn == byte.MaxValue ? (byte)1 : (byte)(_txn + 1);

    internal static byte[] Random16() => RandomNumberGenerator.GetBytes(Tag.NonceLength);

    /// <summary>Throws unless a rule holds.</summary>
    internal static void Check(bool holds, string expected, string came)
    {
        if (!holds)
        {
            throw new RuleBrokenException(expected, came);
        }
    }

    /// <summary>Opens the line if it is not open.</summary>
    internal async Task OpenAsync()
    {
        if (_connection is { } open && !open.Gone.IsCancellationRequested)
        {
            return;
        }

        await CutAsync().ConfigureAwait(false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60), Options.Time);
        using CancellationTokenRegistration end = patience.Token.Register(limit.Cancel);
        try
        {
            _connection = await line.ConnectAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            throw new RuleBrokenException($"a line on {line.Name} within 60 s", "none");
        }
    }

    /// <summary>Cuts the line.</summary>
    internal async Task CutAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        Forget();
    }

    /// <summary>Whatever came and was not looked at is gone, as if the line had been cut.</summary>
    internal void Forget()
    {
        _unread = default;
        _arrived.Clear();
        _assembly.Clear();
        ReadOnlySpan<byte> delimiter = [0];
        _ = _decoder.TryRead(ref delimiter, out _);
        _refused = 0;
    }

    internal async Task SendAsync(TlkFrame frame) => await SendRawAsync(Sealed(frame).ToWire()).ConfigureAwait(false);

    internal TlkFrame Sealed(TlkFrame frame) => _seal?.Close(frame) ?? frame;

    internal async Task SendRawAsync(ReadOnlyMemory<byte> bytes)
    {
        await OpenAsync().ConfigureAwait(false);
        try
        {
            await _connection!.WriteAsync(bytes, Cancel).ConfigureAwait(false);
        }
        catch (LineGoneException)
        {
            // The register hung up first; what it says next comes over the next connection.
            await CutAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The next frame; <see langword="null"/> if none came in time.</summary>
    internal async Task<Arrival?> NextAsync(TimeSpan within)
    {
        long end = Now + (long)within.TotalMilliseconds;
        while (true)
        {
            if (_arrived.TryDequeue(out Arrival? arrival))
            {
                if (IsWelcomed(arrival.Frame))
                {
                    // A repetition that was on its way when it was answered: as a gateway, the kit says the same once more.
                    await SendRawAsync(_welcome).ConfigureAwait(false);
                    continue;
                }

                if (arrival.Type != TlkType.Ping || IsMute)
                {
                    return arrival;
                }

                await AnswerPingAsync(arrival).ConfigureAwait(false);
                continue;
            }

            if (_unread.IsEmpty && !await ReadAsync(end - Now).ConfigureAwait(false))
            {
                return null;
            }

            Decode();
        }
    }

    /// <summary>Exactly so many raw bytes, not decoded; fewer if no more came in time.</summary>
    internal async Task<byte[]> BytesAsync(int count, TimeSpan within)
    {
        List<byte> bytes = [];
        long end = Now + (long)within.TotalMilliseconds;
        while (bytes.Count < count && (!_unread.IsEmpty || await ReadAsync(end - Now).ConfigureAwait(false)))
        {
            int part = Math.Min(count - bytes.Count, _unread.Length);
            bytes.AddRange(_unread.Span[..part]);
            _unread = _unread[part..];
        }

        return [.. bytes];
    }

    /// <summary>What came last, for a fault's text.</summary>
    internal string Lately() =>
        (_lately.Count == 0 ? "nothing" : string.Join(", ", _lately.TakeLast(Told)))
        + (_refused == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; {_refused} runs of bytes that are no frame"));

    public async ValueTask DisposeAsync() => await CutAsync().ConfigureAwait(false);

    /// <summary>Reads what is there into <see cref="_unread"/>.</summary>
    private async Task<bool> ReadAsync(long milliseconds)
    {
        if (milliseconds <= 0)
        {
            return false;
        }

        await OpenAsync().ConfigureAwait(false);
        using CancellationTokenSource limit = new(TimeSpan.FromMilliseconds(milliseconds), Options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, Cancel);
        try
        {
            int count = await _connection!.ReadAsync(_buffer, either.Token).ConfigureAwait(false);
            _unread = _buffer.AsMemory(0, count);
            if (count == 0)
            {
                await CutAsync().ConfigureAwait(false);
            }

            return true;
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Decode()
    {
        ReadOnlySpan<byte> input = _unread.Span;
        while (_decoder.TryRead(ref input, out TlkRun run))
        {
            if (run.Refused is { } why)
            {
                _refused++;
                _lately.Add($"a run refused for {why.ToString().ToUpperInvariant()}");
                continue;
            }

            Arrive(run.Frame!);
        }

        _unread = default;
    }

    private void Arrive(TlkFrame came)
    {
        TlkFrame? opened = came;
        if (_seal is { } seal)
        {
            if (came.Type == TlkType.Hello && came.Payload.Length > SealLength)
            {
                seal.Greet(HelloView.Read(came with { Payload = came.Payload[..^SealLength] }, SealLength, out _).Nonce);
            }

            opened = seal.Open(came);
        }

        if (opened is not { } frame)
        {
            // A frame of a session that HELLO or a restart of the kit ended is sealed with its key: it is dropped, as a gateway does.
            _lately.Add($"{came.Type.ToString().ToUpperInvariant()} with a wrong seal");
            return;
        }

        Arrival arrival = frame.Type == TlkType.Rec ? TakeRecord(frame) : new(frame, Now);
        if (frame.Type == TlkType.Hello)
        {
            TakeHello(frame);
        }

        _lately.Add(arrival.ToString());
        if (_lately.Count > 64)
        {
            _lately.RemoveRange(0, 32);
        }

        _arrived.Enqueue(arrival);
    }

    private void TakeHello(TlkFrame frame)
    {
        _assembly.Clear();
        Hello = HelloView.Read(frame, IsSealed ? SealLength : 0, out string? fault);
        if (fault is not null)
        {
            Ledger.Break("HELLO as §3.1 says", fault, "§3.1");
            return;
        }

        Ledger.Meet(Hello);
    }

    private Arrival TakeRecord(TlkFrame frame)
    {
        var rec = RecMessage.Read(frame, out _, out ulong seq, out string? fault);
        if (rec is null)
        {
            Ledger.Break("REC as §3.3 says", fault!, "§3.3");
            return new(frame, Now, seq);
        }

        byte[]? record = _assembly.Take(rec, (expected, came) => Ledger.Break(expected, came, "§3.3, §6.4"));
        if (record is not null)
        {
            Ledger.Take(seq, record);
        }

        return new(frame, Now, seq, record, rec.Recovered);
    }

    private async Task AnswerPingAsync(Arrival ping)
    {
        if (PingMessage.Read(ping.Frame.Payload, out string? fault) is { } counter)
        {
            await SendAsync(GatewayFrames.Pong(ping.Frame.Txn, counter)).ConfigureAwait(false);
            return;
        }

        Ledger.Break("PING with a counter", fault!, "§3.8");
    }
}

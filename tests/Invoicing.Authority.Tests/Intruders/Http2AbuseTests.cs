using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Authority.Tests.Programs;
using Invoicing.Chain;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Intruders;

/// <summary>Abuse of HTTP/2 itself: slow, rapid, swollen. Each is cut with a reason, and a till beside it goes on selling.</summary>
public sealed partial class Http2AbuseTests : IAsyncLifetime
{
    private const string Submit = "/invoicing.v1.IntakeService/Submit";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly IPAddress Elsewhere = IPAddress.Parse("127.0.0.2");

    private AuthorityHost _host = null!;
    private ClientBundle _bundle = null!;
    private SampleChain _chain = null!;
    private IntakeClient _honest = null!;
    private X509Certificate2 _root = null!;
    private bool _delivered;

    public async ValueTask InitializeAsync()
    {
        _host = await AuthorityHost.StartAsync(gate: new() { StrangerTime = TimeSpan.FromSeconds(6) });
        _root = CertificateAuthority.LoadRoot(_host.Folder);
        _bundle = await _host.AddDeviceAsync();
        _chain = new SampleChain(EnrolmentGrant.Read(_bundle.Enrolment)).With(invoices: 9);
        _honest = new(_host.Connect(_bundle));
        await _honest.HelloAsync(_chain);
    }

    public async ValueTask DisposeAsync()
    {
        await SellsAsync();
        _honest.Dispose();
        _chain.Dispose();
        _root.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Headers_that_come_a_byte_at_a_time_are_cut_after_a_strangers_time()
    {
        await using RawHttp2 slow = await StrangerAsync();
        int stream = slow.NextStream();
        byte[] block = RawHttp2.CallHeaders(Submit);
        await slow.HeadersAsync(stream, block.AsMemory(0, 1), endHeaders: false);
        var drip = Task.Run(
            async () =>
            {
                for (int at = 1; at < block.Length && !slow.Closed.IsCompleted; at++)
                {
                    await slow.FrameAsync(0x9, 0, stream, block.AsMemory(at, 1)); // CONTINUATION
                    await Task.Delay(500, TestContext.Current.CancellationToken);
                }
            },
            TestContext.Current.CancellationToken);
        uint? code = await slow.Closed.Soon(Patience);
        Assert.Null(code);
        await IgnoreAsync(drip);
        await ToldAsync("expected a call with a certificate that is let in within 6 s, found none");
    }

    [Fact]
    public async Task A_stranger_that_opens_and_resets_calls_rapidly_is_cut()
    {
        // By the door if its calls got so far, else by the server's own guard against resets: whichever comes first.
        await using RawHttp2 rapid = await StrangerAsync();
        await ResetUntilClosedAsync(rapid);
    }

    [Fact]
    public async Task A_stranger_that_calls_again_and_again_is_cut_and_told_of()
    {
        await using RawHttp2 eager = await StrangerAsync();
        byte[] block = RawHttp2.CallHeaders(Submit);
        for (int i = 0; i < 20 && !eager.Closed.IsCompleted; i++)
        {
            await IgnoreAsync(eager.HeadersAsync(eager.NextStream(), block, endStream: true));
        }

        await eager.Closed.Soon(Patience);
        await ToldAsync("expected at most 8 requests before a certificate that is let in, found more");
    }

    [Fact]
    public async Task A_known_device_that_opens_and_resets_calls_rapidly_is_cut_too()
    {
        await using RawHttp2 rapid = await KnownAsync();
        await ResetUntilClosedAsync(rapid);
    }

    [Fact]
    public async Task A_reader_that_opens_no_window_holds_no_memory_and_is_cut_as_a_stranger()
    {
        await using RawHttp2 blind = await RawHttp2.ConnectAsync(
            _host.Server.Address, _root, certificate: null, Elsewhere, (0x4, 0)).Soon(Patience); // SETTINGS_INITIAL_WINDOW_SIZE
        for (int i = 0; i < 4; i++)
        {
            await blind.HeadersAsync(blind.NextStream(), RawHttp2.CallHeaders(Submit));
        }

        await blind.Closed.Soon(Patience);
        await ToldAsync("expected a call with a certificate that is let in");
    }

    [Fact]
    public async Task Headers_beyond_their_limit_end_the_connection()
    {
        await using RawHttp2 swollen = await StrangerAsync();
        byte[] block = RawHttp2.CallHeaders(Submit, [.. Enumerable.Range(0, 60).Select(i => ($"x-{i}", new string('x', 1_000)))]);
        int stream = swollen.NextStream();
        await swollen.HeadersAsync(stream, block.AsMemory(0, 16_000), endHeaders: false);
        try
        {
            for (int at = 16_000; at < block.Length; at += 16_000)
            {
                int length = Math.Min(16_000, block.Length - at);
                await swollen.FrameAsync(0x9, (byte)(at + length == block.Length ? 4 : 0), stream, block.AsMemory(at, length));
            }
        }
        catch (IOException)
        {
            // Closed before all of it was sent.
        }

        await swollen.Closed.Soon(Patience);
    }

    [Fact]
    public async Task A_small_message_that_unpacks_to_a_thousand_times_its_size_is_refused_at_the_messages_limit()
    {
        await using RawHttp2 bomb = await KnownAsync();
        byte[] packed = Bomb(300 << 20);
        Assert.InRange(packed.Length, 1, 400_000); // within one window
        long before = GC.GetTotalMemory(forceFullCollection: true);
        int stream = bomb.NextStream();
        await bomb.HeadersAsync(stream, RawHttp2.CallHeaders(Submit, ("grpc-encoding", "gzip")));
        byte[] message = [1, (byte)(packed.Length >> 24), (byte)(packed.Length >> 16), unchecked((byte)(packed.Length >> 8)), unchecked((byte)packed.Length), .. packed];
        for (int at = 0; at < message.Length; at += 16_000)
        {
            await bomb.DataAsync(stream, message.AsMemory(at, Math.Min(16_000, message.Length - at)));
        }

        await Waiting.Until(
            () => _host.Log.All.Any(line => line.Contains("Received message exceeds the maximum configured message size", StringComparison.Ordinal)
                || line.Contains("ResourceExhausted", StringComparison.Ordinal)),
            "refused", Patience);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 64 << 20);
    }

    [Fact]
    public async Task A_length_that_is_not_there_is_refused_before_anything_is_buffered()
    {
        await using RawHttp2 liar = await KnownAsync();
        int stream = liar.NextStream();
        await liar.HeadersAsync(stream, RawHttp2.CallHeaders(Submit));
        await liar.DataAsync(stream, new byte[] { 0, 0x7F, 0xFF, 0xFF, 0xFF, 1, 2, 3 }); // a message of 2 GiB
        await Waiting.Until(() => _host.Log.All.Any(line => line.Contains("ResourceExhausted", StringComparison.Ordinal)), "refused", Patience);
    }

    [Fact]
    public async Task A_load_by_nghttp2_that_belongs_nowhere_is_cut_while_the_till_sells()
    {
        Task<(int Code, string Output)> load = Tool.RunAsync(
            "h2load", string.Empty, environment: null, "-n", "20000", "-c", "40", "-m", "30", "--connection-inactivity-timeout=5",
            "--header=content-type: application/grpc", "--header=te: trailers", $"https://127.0.0.1:{_host.Server.Address.Port}{Submit}");
        await SellsAsync();
        (int _, string output) = await load.Soon(Patience);
        await SellsAsync();

        // gRPC answers 200 with a status in its trailers: at most eight a connection, of forty.
        Match answered = Answered().Match(output);
        Assert.True(answered.Success, output);
        Assert.InRange(int.Parse(answered.Groups["ok"].Value, CultureInfo.InvariantCulture), 0, 40 * 8);
        Assert.True(_host.Server.Gate.Refused > 0);
    }

    private static byte[] Bomb(int length)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            byte[] zeros = new byte[1 << 20];
            for (int at = 0; at < length; at += zeros.Length)
            {
                gzip.Write(zeros);
            }
        }

        return packed.ToArray();
    }

    private static async Task IgnoreAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException or OperationCanceledException)
        {
            return; // the connection is closed
        }
    }

    private static async Task ResetUntilClosedAsync(RawHttp2 rapid)
    {
        byte[] block = RawHttp2.CallHeaders(Submit);
        for (int i = 0; i < 1_000 && !rapid.Closed.IsCompleted; i++)
        {
            await IgnoreAsync(rapid.ResetRapidlyAsync(block, 100));
        }

        await rapid.Closed.Soon(Patience);
    }

    /// <summary>A connection with the certificate of a device that is enrolled.</summary>
    private async Task<RawHttp2> KnownAsync()
    {
        ClientBundle other = await _host.AddDeviceAsync("shop-2");
        using var certificate = X509Certificate2.CreateFromPem(other.Certificate, other.PrivateKey);
        return await RawHttp2.ConnectAsync(_host.Server.Address, _root, certificate, Elsewhere).Soon(Patience);
    }

    private Task<RawHttp2> StrangerAsync() => RawHttp2.ConnectAsync(_host.Server.Address, _root, certificate: null, Elsewhere).Soon(Patience);

    private Task ToldAsync(string reason) => Waiting.Until(
        () => _host.Log.All.Any(line => line.StartsWith("3005 ", StringComparison.Ordinal) && line.Contains("127.0.0.2", StringComparison.Ordinal)
            && line.Contains(reason, StringComparison.Ordinal)),
        $"told: {reason}", Patience);

    private async Task SellsAsync()
    {
        int sent = _chain.Entries.Count;
        _chain.Sell();
        await _honest.SendAsync(_delivered ? _chain.Entries[sent..] : _chain.Entries);
        _delivered = true;
        await _honest.AnswerForAsync(_chain.Head.Position, _bundle);
    }

    [GeneratedRegex(@"status codes: (?<ok>\d+) 2xx", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Answered();
}

using FirmwareSim.Bytes;
using FirmwareSim.Lines;
using FirmwareSim.Messages;
using FirmwareSim.Records;
using FirmwareSim.Replay;
using FirmwareSim.Replay.Tlk;
using FirmwareSim.Tests.Tills;
using Invoicing.Testing;
using static FirmwareSim.Tests.Replay.TlkRecording;

namespace FirmwareSim.Tests.Replay;

/// <summary>A played register over lines in memory, with a gateway on the other end.</summary>
public sealed class TlkPlayerTests
{
    [Fact]
    public async Task Two_connections_are_played_to_a_gateway_that_gives_other_codes()
    {
        TestGateway gateway = new();
        ReplayResult result = await PlayAsync(Sales(), gateway);

        Assert.Null(result.Difference);
        Assert.Equal((10, 10), (result.Steps, result.Done));
        Assert.Equal((long)(Hello(7).Length + (2 * Record(1).Length) + Hello(8).Length + Record(2).Length + 10), result.Sent);
        Assert.InRange(result.Taken, 200, 1_000);
        Assert.Equal([1UL, 2UL], gateway.Records.Keys.Order());
        Assert.Equal((2, 1), (gateway.Hellos, gateway.Repeated));
    }

    [Fact]
    public async Task The_first_difference_ends_it()
    {
        TestGateway gateway = new() { InsteadOfWelcome = txn => Nak(NakReason.NotPaired, txn, "serial SIM-0001 on the line of OTHER") };
        ReplayResult result = await PlayAsync(Sales(), gateway);

        Assert.Equal("step 2: HELLO: expected WELCOME, found NAK 6 (not paired): serial SIM-0001 on the line of OTHER", result.Difference);
        Assert.Equal(1, result.Done);
        Assert.Empty(gateway.Records);
    }

    [Fact]
    public async Task A_gateway_that_is_silent_or_gone_is_a_difference()
    {
        Assert.Equal("step 4: record 1: expected issued, found nothing for 30 s", (await PlayAsync(Sales(), new() { Answers = _ => false })).Difference);

        await using RunningTime clock = new();
        await using MemoryLine line = new();
        Stream gateway = line.Plug();
        Task<ReplayResult> playing = Player(Sales()).PlayAsync(line, clock.Time, TestContext.Current.CancellationToken);
        gateway.Dispose();
        Assert.Equal("step 2: expected the gateway to stay on the line, found that it closed it", (await playing.Soon()).Difference);
    }

    [Fact]
    public async Task A_gateway_that_does_not_read_is_a_difference()
    {
        await using RunningTime clock = new();
        await using StuckLine line = new();
        ReplayResult result = await Player(Sales()).PlayAsync(line, clock.Time, TestContext.Current.CancellationToken).Soon(TimeSpan.FromSeconds(30));
        Assert.Equal("step 2: expected the gateway to read, found that it does not for 30 s", result.Difference);
    }

    [Fact]
    public void Without_lenient_or_sealed_it_is_refused_in_a_sentence()
    {
        IOException error = Assert.Throws<IOException>(() => RecordingPlayers.For(Sales().Line, new(IsLenient: false, IsTimed: false, ReplayOptions.DefaultPatience)));
        Assert.Equal(
            "a recording of tlk: expected --lenient, found none: a gateway's answers bear codes, times and nonces of its own, so only their meaning can be compared",
            error.Message);

        byte[] key = new byte[FrameSeal.KeyLength];
        byte[] hello = Hello(7)[1..^1];
        Assert.True(Cobs.TryDecode(hello, hello, out int length));
        TlkRecording recording = new TlkRecording().Out(Nak(NakReason.NoSession)).In(FrameSeal.EncodeHello(7, hello[6..(length - 4)], key));
        error = Assert.Throws<IOException>(() => Player(recording));
        Assert.Equal(
            "step 2: expected a line that is not sealed, found a sealed HELLO: its seal holds for one session and is made with the pairing key, so it cannot be played",
            error.Message);
    }

    [Fact]
    public void Each_protocol_has_its_player()
    {
        ReplayOptions options = new(IsLenient: true, IsTimed: false, ReplayOptions.DefaultPatience);
        Assert.IsType<TlkPlayer>(RecordingPlayers.For(Sales().Line, options));
        Assert.IsType<RecordingPlayer>(RecordingPlayers.For(new("datecs", IsMasked: true, []), options));
    }

    /// <summary>A sale whose answer was lost with the line, and another one; with half a frame at the end of the first connection.</summary>
    private static TlkRecording Sales() => new TlkRecording()
        .In(Hello(7, newest: 1)).Out(Welcome(7)).In(Record(1)).Out(Ack((1, Issued(901)))).In(Record(2)[..10])
        .Opened().In(Hello(8, newest: 2)).Out(Welcome(8, durable: 1)).In([.. Record(1), .. Record(2)]).Out(Ack((1, Issued(901))), Ack((2, RecordResult.Recorded())));

    private static IRecordingPlayer Player(TlkRecording recording) =>
        RecordingPlayers.For(recording.Line, new(IsLenient: true, IsTimed: true, ReplayOptions.DefaultPatience));

    private static async Task<ReplayResult> PlayAsync(TlkRecording recording, TestGateway gateway)
    {
        await using RunningTime clock = new();
        await using MemoryLine line = new();
        using CancellationTokenSource stop = new();
        using Stream first = line.Plug();
        using Stream second = line.Plug();
        var serving = Task.Run(
            async () =>
            {
                await gateway.ServeAsync(first, stop.Token);
                await gateway.ServeAsync(second, stop.Token);
            },
            CancellationToken.None);
        ReplayResult result = await Player(recording).PlayAsync(line, clock.Time, TestContext.Current.CancellationToken).Soon(TimeSpan.FromSeconds(30));
        await stop.CancelAsync();
        await serving.Soon();
        return result;
    }

    /// <summary>A line whose other side neither reads nor writes.</summary>
    private sealed class StuckLine : ILine
    {
        public string Name => "stuck";

        public Task<Stream> OpenAsync(CancellationToken cancellationToken) => Task.FromResult<Stream>(new StuckStream());

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class StuckStream : AwaitedStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return 0;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }
}

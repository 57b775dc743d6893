using FirmwareSim.Datecs;
using FirmwareSim.Replay;
using FirmwareSim.Tests.Tills;
using Invoicing.Testing;

namespace FirmwareSim.Tests.Replay;

public sealed class RecordingPlayerTests : IDisposable
{
    private const string Head = """{"protocol":"datecs-x","masked":true,"edge":"1"}""";
    private readonly TempFolder _folder = new();
    private readonly List<byte> _heard = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_gateway_that_says_the_same_gets_the_recorded_answers()
    {
        ReplayResult result = await PlayAsync(Exchange(0x30), Request(0x30), lenient: false);

        Assert.Equal(new ReplayResult(3, 3, Reply(0x30).Length + 1, Request(0x30).Length, null), result);
        Assert.Equal(Convert.ToHexString([IslFrames.Syn, .. Reply(0x30)]), Convert.ToHexString([.. _heard]));
    }

    [Fact]
    public async Task A_difference_ends_it_and_is_told_in_a_sentence()
    {
        ReplayResult result = await PlayAsync(Exchange(0x30), Request(0x31), lenient: false);

        Assert.Equal("step 1, byte 6 of what the gateway sends: expected 30, found 31", result.Difference);
        Assert.Equal(0, result.Done);
        Assert.Empty(_heard);
    }

    [Fact]
    public async Task Leniently_another_SEQ_is_no_difference_and_the_answer_bears_it()
    {
        ReplayResult result = await PlayAsync(Exchange(0x30), Request(0x77), lenient: true);

        Assert.Null(result.Difference);
        Assert.Equal(Convert.ToHexString([IslFrames.Syn, .. Reply(0x77)]), Convert.ToHexString([.. _heard]));

        byte[] other = IslFrames.Request(IslDialect.X, 0x30, 124, "\t\t10\t"u8);
        byte[] asked = IslFrames.Request(IslDialect.X, 0x30, 124, "\t\t11\t"u8);
        string recording = Head + "\n" + Step(0, "out", other);
        Assert.StartsWith("step 1, byte 1 of what the gateway sends: expected 01", (await PlayAsync(recording, asked, lenient: true)).Difference, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_is_silent_or_gone_is_a_difference()
    {
        Assert.Equal(
            "step 1, byte 1 of what the gateway sends: expected 01, found nothing for 30 s", (await PlayAsync(Exchange(0x30), [], lenient: false)).Difference);
        Assert.Equal(
            "step 1: expected the gateway to stay on the line, found that it closed it", (await PlayAsync(Exchange(0x30), null, lenient: false)).Difference);
    }

    [Theory]
    [InlineData("", "expected a recording that begins with {\"protocol\": …}, found nothing")]
    [InlineData("{}", "line 1: expected {\"protocol\": …, \"masked\": …}, found {}")]
    [InlineData("{\"protocol\":\"eutron\"}\n{\"t_ms\":5,\"dir\":\"up\",\"hex\":\"01\"}", "line 2: expected {\"t_ms\": a number from 0 on, \"dir\": \"in\" or \"out\", \"hex\": at least one byte}, found {\"t_ms\":5,\"dir\":\"up\",\"hex\":\"01\"}")]
    [InlineData("{\"protocol\":\"eutron\"}\n{\"t_ms\":5,\"dir\":\"in\",\"hex\":\"01\"}\n{\"t_ms\":4,\"dir\":\"in\",\"hex\":\"01\"}", "line 3: expected {\"t_ms\": a number from 5 on, \"dir\": \"in\" or \"out\", \"hex\": at least one byte}, found {\"t_ms\":4,\"dir\":\"in\",\"hex\":\"01\"}")]
    [InlineData("{\"protocol\":\"eutron\"}\n{\"t_ms\":5,\"dir\":\"in\",\"hex\":\"0\"}", "line 2: expected {\"t_ms\": a number from 0 on, \"dir\": \"in\" or \"out\", \"hex\": at least one byte}, found {\"t_ms\":5,\"dir\":\"in\",\"hex\":\"0\"}")]
    public void A_file_that_is_no_recording_is_told_in_a_sentence(string text, string error)
    {
        string path = _folder.File("recording");
        File.WriteAllText(path, text);
        Assert.Equal($"{path}: {error}", Assert.Throws<IOException>(() => RecordedLine.Read(path)).Message);
    }

    [Fact]
    public void Only_frames_with_a_sequence_can_be_played_leniently()
    {
        RecordedLine recording = new("eutron", IsMasked: true, []);
        IOException error = Assert.Throws<IOException>(() => new RecordingPlayer(recording, new ReplayOptions(IsLenient: true, IsTimed: false, ReplayOptions.DefaultPatience)));
        Assert.Equal("--lenient: expected a recording of datecs, datecs-x, datecs-isl or tlk, found eutron; play it without", error.Message);
    }

    private static byte[] Request(byte sequence) => IslFrames.Request(IslDialect.X, sequence, 53, "4\t1.53\t1\t"u8);

    private static byte[] Reply(byte sequence) => IslFrames.Reply(IslDialect.X, sequence, 53, "-111016\t"u8, Convert.FromHexString("80808080869A8080"));

    private static string Step(int time, string direction, byte[] bytes) => $$"""{"t_ms":{{time}},"dir":"{{direction}}","hex":"{{Convert.ToHexString(bytes)}}"}""";

    /// <summary>A request, and its answer in two pieces of which the first ends in the middle of the frame.</summary>
    private static string Exchange(byte sequence)
    {
        byte[] answer = [IslFrames.Syn, .. Reply(sequence)];
        return string.Join('\n', Head, Step(0, "out", Request(sequence)), Step(60, "in", answer[..5]), Step(64, "in", answer[5..]));
    }

    private async Task<ReplayResult> PlayAsync(string recording, byte[]? asked, bool lenient)
    {
        string path = _folder.File("recording");
        await File.WriteAllTextAsync(path, recording, TestContext.Current.CancellationToken);
        await using RunningTime clock = new();
        await using MemoryLine line = new();
        using Stream gateway = line.Plug();
        RecordingPlayer player = new(RecordedLine.Read(path), new ReplayOptions(lenient, IsTimed: true, ReplayOptions.DefaultPatience));
        Task<ReplayResult> playing = player.PlayAsync(line, clock.Time, TestContext.Current.CancellationToken);
        if (asked is null)
        {
            gateway.Dispose();
        }
        else
        {
            await gateway.WriteAsync(asked, TestContext.Current.CancellationToken);
        }

        ReplayResult result = await playing.Soon(TimeSpan.FromSeconds(30));
        byte[] buffer = new byte[512];
        while (asked is not null && await gateway.ReadAsync(buffer, TestContext.Current.CancellationToken).Soon() is int read and > 0)
        {
            _heard.AddRange(buffer.AsSpan(0, read));
        }

        return result;
    }
}

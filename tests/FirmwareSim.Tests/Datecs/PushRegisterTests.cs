using System.Globalization;
using System.Text;
using FirmwareSim.Datecs;
using FirmwareSim.Failures;
using FirmwareSim.Tests.Tills;
using FirmwareSim.Tills;
using Invoicing.Testing;

namespace FirmwareSim.Tests.Datecs;

public sealed class PushRegisterTests
{
    private static readonly byte[] OpenRequest = new PushPacket(1, PushPacket.Open, 1, 0, string.Empty).ToBytes();

    [Theory]
    [InlineData(PushModel.Dp500, ';', "SRVDP500PL;v2.0.0.0;")]
    [InlineData(PushModel.Wp500, '\t', "SRVWP500\tv1.0.0.0\t")]
    public async Task An_application_hears_every_event_of_every_receipt_once(object model, char separator, string greeting)
    {
        await using TillBench bench = new();
        var faults = FaultPlan.None(Protocol.DatecsPush);
        TillOptions till = new() { Serial = "DP123456", SpecialPercent = 30 };
        TillRunOptions options = bench.Options(it => new PushFront(it, faults, (PushModel)model, 0), faults, 30, till) with { WaitsToBeHeard = true };
        await using TillRunner runner = new(options);
        Task running = runner.RunAsync(TestContext.Current.CancellationToken);
        using Stream line = bench.Line.Plug();
        await line.WriteAsync(OpenRequest, TestContext.Current.CancellationToken);
        List<PushPacket> heard = await HearAsync(line, running);

        Assert.Equal((PushPacket.Open, (byte)0, greeting), (heard[0].Operation, heard[0].Error, heard[0].Data));
        string[][] fields = [.. heard.Skip(1).Select(packet => packet.Data.Split(separator))];
        Assert.Equal(Enumerable.Range(1, fields.Length).Select(Text), fields.Select(item => item[^2]));
        Assert.Equal(Enumerable.Range(0, fields.Length).Select(i => Text(i % 10)), fields.Select(item => item[1]));
        Assert.All(fields, item => Assert.Equal("123456", item[0]));
        RungReceipt[] book = [.. bench.Book()];
        Assert.Equal(book.Sum(receipt => receipt.Lines.Length), heard.Count(packet => packet.Operation == PushPacket.Item));
        Assert.Equal(book.Count(receipt => receipt.IsSold), heard.Count(packet => packet.Operation == PushPacket.Closed));
        Assert.Equal(
            book.Where(receipt => receipt.IsSold).Select(receipt => (Text(receipt.Number), Text(receipt.Total))),
            heard.Where(packet => packet.Operation == PushPacket.Closed).Select(packet => packet.Data.Split(separator)).Select(item => (item[7], item[10])));
        Assert.Equal((PushModel)model == PushModel.Wp500 ? book.Length : 0, heard.Count(packet => packet.Operation == PushPacket.Opened));
    }

    [Fact]
    public async Task A_message_that_is_counted_and_not_sent_is_a_gap_in_UN()
    {
        await using TillBench bench = new();
        FaultPlan faults = new(Protocol.DatecsPush, [new FaultOrder(Fault.CounterGap, 3, 0, null)], 1, 0);
        TillRunOptions options = bench.Options(it => new PushFront(it, faults, PushModel.Dp500, 0), faults, 5) with { WaitsToBeHeard = true };
        await using TillRunner runner = new(options);
        Task running = runner.RunAsync(TestContext.Current.CancellationToken);
        using Stream line = bench.Line.Plug();
        await line.WriteAsync(OpenRequest, TestContext.Current.CancellationToken);
        List<PushPacket> heard = await HearAsync(line, running);

        string[] counters = [.. heard.Skip(1).Select(packet => packet.Data.Split(';')[^2])];
        Assert.Equal(["1", "2", "4"], counters[..3]);
        Assert.Equal(Text(counters.Length + 1), counters[^1]);
    }

    [Fact]
    public async Task A_fourth_application_is_refused_and_a_question_waits_for_its_answer()
    {
        await using TillBench bench = new();
        var faults = FaultPlan.None(Protocol.DatecsPush);
        TillRunOptions options = bench.Options(it => new PushFront(it, faults, PushModel.Dp500, 100), faults, 1) with { WaitsToBeHeard = true, Linger = true };
        await using TillRunner runner = new(options);
        using CancellationTokenSource stop = new();
        Task running = runner.RunAsync(stop.Token);
        var lines = new Stream[4];
        for (int i = 0; i < lines.Length; i++)
        {
            lines[i] = bench.Line.Plug();
            await lines[i].WriteAsync(OpenRequest, TestContext.Current.CancellationToken);
            byte[] answer = new byte[6];
            await lines[i].ReadExactlyAsync(answer, TestContext.Current.CancellationToken).AsTask().Soon();
            Assert.Equal(i < 3 ? 0 : PushPacket.Busy, answer[5]);
        }

        List<PushPacket> heard = [];
        await ReadUntilAsync(lines[0], heard, packet => packet.IsQuery);
        await lines[0].WriteAsync(new PushPacket(1, PushPacket.PluRefused, 1, 0, string.Empty).ToBytes(), TestContext.Current.CancellationToken);
        await ReadUntilAsync(lines[0], heard, packet => packet.Operation == PushPacket.Closed);

        Assert.True(heard.First(packet => packet.Operation >= 0x80).IsQuery);
        foreach (Stream line in lines)
        {
            line.Dispose();
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task ReadUntilAsync(Stream line, List<PushPacket> heard, Predicate<PushPacket> isLast)
    {
        byte[] length = new byte[1];
        while (true)
        {
            if (heard.Count == 0)
            {
                // The rest of the answer to the request to open.
                byte[] rest = new byte[20];
                await line.ReadExactlyAsync(rest, TestContext.Current.CancellationToken).AsTask().Soon();
                Assert.Equal("SRVDP500PL;v2.0.0.0;", Encoding.ASCII.GetString(rest));
            }

            await line.ReadExactlyAsync(length, TestContext.Current.CancellationToken).AsTask().Soon();
            byte[] packet = new byte[length[0]];
            await line.ReadExactlyAsync(packet, TestContext.Current.CancellationToken).AsTask().Soon();
            heard.Add(PushPacket.Read([.. length, .. packet])!.Value.Packet);
            if (isLast(heard[^1]))
            {
                return;
            }
        }
    }

    private static async Task<List<PushPacket>> HearAsync(Stream line, Task running)
    {
        List<byte> bytes = [];
        byte[] buffer = new byte[4096];
        while (await line.ReadAsync(buffer, TestContext.Current.CancellationToken).Soon(TimeSpan.FromSeconds(30)) is int read and > 0)
        {
            bytes.AddRange(buffer.AsSpan(0, read));
        }

        await running;
        List<PushPacket> heard = [];
        for (byte[] left = [.. bytes]; PushPacket.Read(left) is (PushPacket packet, int length); left = left[length..])
        {
            heard.Add(packet);
        }

        return heard;
    }
}

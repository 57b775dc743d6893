using Invoicing.Registers.Eutron.Framing;
using Invoicing.Registers.Eutron.Records;
using Invoicing.Registers.Lines;
using Invoicing.Testing;
using static Invoicing.Registers.Tests.Eutron.EutronBench;

namespace Invoicing.Registers.Tests.Eutron;

/// <summary>The TCP dialect with a played register.</summary>
public sealed class EutronTcpTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_tcp_dialect_brings_every_sale_once_and_waits_while_a_sale_is_open(bool numbersEmpty)
    {
        await using EutronBench bench = new();
        bench.Options = new() { FromBeginning = true, IsTcp = true };
        for (int receipt = 1; receipt <= 20; receipt++)
        {
            bench.Log.Add(FlowBytes.Sale(receipt, Noon.AddMinutes(receipt)));
        }

        bench.Start();
        PlayedLine.Cable first = bench.Line.Plug(new PlayedTcp(bench.Log, numbersEmpty), chunk: 7);
        await bench.Recorded(20);
        bench.Log.IsBusy = true;
        bench.Log.Add(FlowBytes.Sale(21, Noon));
        await bench.Until(() => bench.Driver.Status.Counters.GetValueOrDefault("busy") > 2);
        Assert.Null(bench.Driver.Status.Trouble);
        Assert.Equal(20, bench.Recorder.Records.Count);
        bench.Log.IsBusy = false;
        await bench.Recorded(21);
        first.Pull();
        bench.Log.Add(FlowBytes.Sale(22, Noon));
        bench.Line.Plug(new PlayedTcp(bench.Log, numbersEmpty));
        await bench.Recorded(22);

        Assert.Equal(Enumerable.Range(1, 22).Select(n => (long)n), bench.Numbers());
        Assert.Equal("Ca phe sua da", bench.Sold.Last().Sale!.Lines[0].Name);
        Assert.Empty(bench.Recorder.Gaps);
    }

    [Fact]
    public async Task The_tcp_dialect_cut_after_every_byte_leaves_every_sale_once()
    {
        for (int cut = 1; cut < 420; cut++)
        {
            await using EutronBench bench = new();
            bench.Options = new() { FromBeginning = true, IsTcp = true };
            bench.Log.Add(FlowBytes.Sale(1, Noon), FlowBytes.Sale(2, Noon));
            bench.Start();
            bench.Line.Plug(new PlayedTcp(bench.Log), cut);
            bench.Line.Plug(new PlayedTcp(bench.Log));
            await bench.Recorded(2);
            Assert.Equal([1L, 2], bench.Numbers());
        }
    }

    /// <summary>A packet of which some was accepted comes again whole behind a break: the link drops that part by itself, once.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    public async Task What_was_accepted_of_a_packet_is_not_told_again_behind_a_break(int accepted)
    {
        PlayedLog log = new();
        log.Add(FlowBytes.Sale(1, Noon), FlowBytes.Sale(2, Noon, 11_000));
        ManualTime time = new();
        await using PlayedLine line = new(time);
        line.Plug(new PlayedTcp(log));
        line.Plug(new PlayedTcp(log));
        List<string> told = [];

        await using ILineConnection before = await line.ConnectAsync(TestContext.Current.CancellationToken);
        TcpLink link = new(before, TimeSpan.FromSeconds(1), time, new());
        await TakeAsync(link, told, accepted);
        await using ILineConnection behind = await line.ConnectAsync(TestContext.Current.CancellationToken);
        TcpLink again = new(behind, TimeSpan.FromSeconds(1), time, new());
        again.Resume(link.Uncertain);
        await TakeAsync(again, told, int.MaxValue);

        Assert.Equal(Enumerable.Range(0, 8).Select(at => Convert.ToHexString(log.At(at)!)), told);
    }

    /// <summary>Takes so many records, or all there are, and accepts them. The register's number comes before those of each connection, and is none.</summary>
    private static async Task TakeAsync(TcpLink link, List<string> told, int count)
    {
        int taken = 0;
        while (taken < count && await link.NextAsync(TestContext.Current.CancellationToken) is LogStep.Record record)
        {
            if (FlowRecord.Read(record.Bytes).Type != FlowType.EcrNumber)
            {
                told.Add(Convert.ToHexString(record.Bytes.Span));
                taken++;
            }

            await link.AcceptAsync(TestContext.Current.CancellationToken);
        }
    }
}

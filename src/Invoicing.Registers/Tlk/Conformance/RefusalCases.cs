using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>NAK and BUSY about records, and STOPPED: TLK/1 §3.5, §3.6, §11.</summary>
internal static class RefusalCases
{
    internal static IEnumerable<ConformanceCase> All =>
    [
        new("C060", "§3.5 reason 1", "NAK 1: it sends again from expected, at once", GapAsync),
        new("C061", "§3.5 reason 1", "NAK 1 with an expected it cannot serve: HELLO", ImpossibleGapAsync),
        new("C062", "§3.5 reason 3", "NAK 3: the record stays, and goes again after wait", bench => LaterAsync(bench, 3)),
        new("C063", "§3.5 reason 5", "NAK 5: the record stays, and goes again after wait", bench => LaterAsync(bench, 5)),
        new("C064", "§3.5", "an unknown reason counts as 5", bench => LaterAsync(bench, 99)),
        new("C065", "§3.5 reason 9", "NAK 9 for a record: HELLO, then the record once more", RestartAsync),
        new("C066", "§3.6", "BUSY: nothing goes again until wait has passed", BusyAsync),
        new("C067", "§3.5 reason 2", "NAK 2 stops it; a WELCOME after its HELLO lets it go on", bench => StopAsync(bench, 2)) { IsLong = true },
        new("C068", "§3.5 reason 4", "NAK 4 to HELLO stops it", bench => StopAsync(bench, 4)) { IsLong = true },
        new("C069", "§3.5 reason 7", "NAK 7 to HELLO stops it", bench => StopAsync(bench, 7)) { IsLong = true },
        new("C071", "§3.5 reason 9", "NAK 9 to a stopped register changes nothing until its next HELLO", StoppedHintAsync) { IsLong = true },
        new("C070", "§11", "WELCOME with durable beyond its newest stops it", BehindAsync) { IsLong = true },
        new("C072", "§3.7, §11", "stopped before WELCOME it answers nothing and says nothing but HELLO", StoppedGreetingAsync) { IsLong = true },
    ];

    private static async Task GapAsync(Bench bench)
    {
        const uint Wait = 60_000;
        ulong[] seqs = await RecordCases.SeveralSalesAsync(bench, 2).ConfigureAwait(false);
        await bench.SendAsync(GatewayFrames.BusyRecord(bench.Ledger.Epoch, seqs[0], Wait)).ConfigureAwait(false);
        _ = await bench.ProbeAsync().ConfigureAwait(false);
        await bench.SendAsync(GatewayFrames.Nak(1, epoch: bench.Ledger.Epoch, seq: seqs[1], expected: seqs[0])).ConfigureAwait(false);
        long began = bench.Now;
        _ = await bench.RecordAsync(seqs[0], $"record {seqs[0]} at once, without waiting for a timer", bench.Soon).ConfigureAwait(false);
        _ = await bench.RecordAsync(seqs[1], $"record {seqs[1]} behind it", bench.Soon).ConfigureAwait(false);
        Bench.Check(
            bench.Now - began < Math.Max(bench.Ms(Wait) - 100, 1000), "both before BUSY's wait is over", $"after {bench.Now - began} ms");
        await bench.AckAsync(seqs).ConfigureAwait(false);
    }

    private static async Task ImpossibleGapAsync(Bench bench)
    {
        Arrival sale = await bench.SaleAsync().ConfigureAwait(false);
        await bench.SendAsync(GatewayFrames.Nak(1, epoch: bench.Ledger.Epoch, seq: sale.Seq, expected: sale.Seq + 100)).ConfigureAwait(false);
        _ = await bench.ExpectAsync(TlkType.Hello, "HELLO, as it has no such record").ConfigureAwait(false);
    }

    private static async Task LaterAsync(Bench bench, byte reason)
    {
        const uint Wait = 6000;
        Arrival sale = await bench.SaleAsync().ConfigureAwait(false);
        long began = bench.Now;
        await bench.SendAsync(GatewayFrames.Nak(reason, epoch: bench.Ledger.Epoch, seq: sale.Seq, wait: Wait)).ConfigureAwait(false);
        await QuietAsync(bench, sale.Seq, Wait, began).ConfigureAwait(false);
        _ = await bench.RecordAsync(sale.Seq, "the record again after wait", bench.Within(1000)).ConfigureAwait(false);
        await bench.AckAsync(sale.Seq).ConfigureAwait(false);
        await bench.OnceAsync(sale.Seq).ConfigureAwait(false);
    }

    /// <summary>The record does not come before nine tenths of the wait. One that was on its way already is forgiven.</summary>
    private static async Task QuietAsync(Bench bench, ulong seq, uint wait, long began)
    {
        _ = await bench.ProbeAsync().ConfigureAwait(false);
        long left = (bench.Ms(wait) * 9 / 10) - (bench.Now - began) - 20;
        List<Arrival> early = await bench.CollectAsync(Math.Max(left, 0)).ConfigureAwait(false);
        Bench.Check(!early.Exists(a => a.Seq == seq), $"no record {seq} for {bench.Ms(wait)} ms", "it again before");
    }

    private static async Task RestartAsync(Bench bench)
    {
        Arrival sale = await bench.SaleAsync().ConfigureAwait(false);
        byte[] nonce = bench.Hello!.Nonce;
        _ = await bench.EndSessionAsync().ConfigureAwait(false);
        _ = await bench.ExpectAsync(TlkType.Hello, "HELLO", bench.Within(500)).ConfigureAwait(false);
        Bench.Check(!bench.Hello!.Nonce.AsSpan().SequenceEqual(nonce), "a new HELLO", "the former one");
        await bench.WelcomeAsync(bench.Hello!).ConfigureAwait(false);
        _ = await bench.RecordAsync(sale.Seq, "the record again after WELCOME", bench.Soon).ConfigureAwait(false);
        await bench.AckAsync(sale.Seq).ConfigureAwait(false);
        await bench.OnceAsync(sale.Seq).ConfigureAwait(false);
    }

    private static async Task BusyAsync(Bench bench)
    {
        const uint Wait = 6000;
        Arrival sale = await bench.SaleAsync().ConfigureAwait(false);
        long began = bench.Now;
        await bench.SendAsync(GatewayFrames.BusyRecord(bench.Ledger.Epoch, sale.Seq, Wait)).ConfigureAwait(false);
        await QuietAsync(bench, sale.Seq, Wait, began).ConfigureAwait(false);
        _ = await bench.RecordAsync(sale.Seq, "the record again after BUSY's wait", bench.Within(2000)).ConfigureAwait(false);
        await bench.AckAsync(sale.Seq).ConfigureAwait(false);
    }

    private static async Task StopAsync(Bench bench, byte reason)
    {
        Arrival sale = await bench.SaleAsync().ConfigureAwait(false);
        if (reason == 2)
        {
            await bench.SendAsync(GatewayFrames.Nak(reason, epoch: bench.Ledger.Epoch, seq: sale.Seq)).ConfigureAwait(false);
        }
        else
        {
            HelloView hello = await bench.GreetAsync().ConfigureAwait(false);
            await bench.SendAsync(GatewayFrames.Nak(reason, hello.Frame.Txn, bench.Ledger.Epoch, expected: reason == 7 ? sale.Seq : null)).ConfigureAwait(false);
        }

        await StoppedAsync(bench, sale.Seq).ConfigureAwait(false);
    }

    private static async Task StoppedHintAsync(Bench bench)
    {
        Arrival sale = await bench.SaleAsync().ConfigureAwait(false);
        await bench.SendAsync(GatewayFrames.Nak(2, epoch: bench.Ledger.Epoch, seq: sale.Seq)).ConfigureAwait(false);
        _ = await bench.ProbeAsync().ConfigureAwait(false);
        for (int i = 0; i < 3; i++)
        {
            await bench.SendRawAsync(GatewayFrames.Nak((byte)NakReason.NoSession).ToWire()).ConfigureAwait(false);
            List<Arrival> came = await bench.CollectAsync(100 + bench.Ms(600)).ConfigureAwait(false);
            Bench.Check(i == 0 || !came.Exists(a => a.Type == TlkType.Rec), "no record while it is stopped", "one");
        }

        await StoppedAsync(bench, sale.Seq).ConfigureAwait(false);
    }

    /// <summary>Longer than the silence that brings a PING in a session.</summary>
    private static async Task StoppedGreetingAsync(Bench bench)
    {
        Arrival sale = await bench.SaleAsync().ConfigureAwait(false);
        HelloView hello = await bench.GreetAsync().ConfigureAwait(false);
        await bench.SendAsync(GatewayFrames.Nak(4, hello.Frame.Txn, bench.Ledger.Epoch)).ConfigureAwait(false);
        _ = await bench.CollectAsync(100 + bench.Ms(500)).ConfigureAwait(false); // what was on its way already
        bench.IsMute = true;
        await bench.SendAsync(GatewayFrames.Ping(bench.NextTxn(), 1)).ConfigureAwait(false);
        await bench.SendAsync(GatewayFrames.Ask(bench.NextTxn())).ConfigureAwait(false);
        Arrival? said = (await bench.CollectAsync(100 + bench.Ms(7000)).ConfigureAwait(false)).Find(a => a.Type != TlkType.Hello);
        bench.IsMute = false;
        Bench.Check(said is null, "nothing but HELLO, as there is no session", said?.ToString() ?? "");
        await StoppedAsync(bench, sale.Seq).ConfigureAwait(false);
    }

    private static async Task BehindAsync(Bench bench)
    {
        Arrival sale = await bench.SaleAsync().ConfigureAwait(false);
        _ = await bench.SessionAsync(durable: sale.Seq + 1000).ConfigureAwait(false);
        await StoppedAsync(bench, sale.Seq).ConfigureAwait(false);
    }

    /// <summary>A stopped register sends no record, but HELLO within the minute; WELCOME lets it go on and nothing is lost.</summary>
    private static async Task StoppedAsync(Bench bench, ulong seq)
    {
        _ = await bench.CollectAsync(100 + bench.Ms(500)).ConfigureAwait(false); // what was on its way already
        long end = bench.Now + (long)bench.Within(60_000).TotalMilliseconds;
        Arrival? arrival = null;
        while (arrival?.Type != TlkType.Hello && bench.Now < end)
        {
            arrival = await bench.NextAsync(TimeSpan.FromMilliseconds(end - bench.Now)).ConfigureAwait(false);
            Bench.Check(arrival?.Type != TlkType.Rec, "no record while it is stopped", arrival?.ToString() ?? "");
        }

        Bench.Check(arrival is not null, "HELLO within 60 s of being stopped", bench.Lately());
        await bench.WelcomeAsync(bench.Hello!).ConfigureAwait(false);
        _ = await bench.RecordAsync(seq, $"record {seq} after WELCOME", bench.Soon).ConfigureAwait(false);
        await bench.AckAsync(seq).ConfigureAwait(false);
        await bench.OnceAsync(seq).ConfigureAwait(false);
    }
}

using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>PING, STATUS and ASK: TLK/1 §3.8, §3.11, §10.</summary>
internal static class StatusCases
{
    internal static IEnumerable<ConformanceCase> All =>
    [
        new("C100", "§3.8", "PING is answered with its txn and counter, twice with the same bytes", PingAsync),
        new("C101", "§10 idle", "PING after 5 s of silence, each with a new txn and counter; after three HELLO", SilenceAsync) { IsCold = true },
        new("C102", "§3", "a PONG that nobody asked for is dropped", bench => bench.DroppedAsync(bench.Sealed(GatewayFrames.Pong(77, 12345)).ToWire(), "a late PONG")),
        new("C103", "§3.11", "ASK is answered by STATUS with its txn", AskAsync),
        new("C104", "§3", "a request that comes twice is answered twice with the same bytes", TwiceAsync),
    ];

    /// <summary>Reads a STATUS and demands that it is right.</summary>
    internal static TlkReport CheckStatus(TlkFrame frame)
    {
        TlkReport? status = StatusMessage.Read(frame.Payload, default, out string? fault);
        Bench.Check(status is not null, "STATUS as §3.11 says", fault ?? "");
        return status!;
    }

    private static async Task PingAsync(Bench bench)
    {
        byte txn = bench.NextTxn();
        TlkFrame ping = GatewayFrames.Ping(txn, 0xFFFFFFFF);
        await bench.SendAsync(ping).ConfigureAwait(false);
        Arrival pong = await bench.ExpectAsync(TlkType.Pong, "PONG").ConfigureAwait(false);
        uint? counter = PingMessage.Read(pong.Frame.Payload, out string? fault);
        Bench.Check(pong.Frame.Txn == txn && counter == 0xFFFFFFFF, $"PONG with txn {txn} and counter FFFFFFFF", fault ?? $"txn {pong.Frame.Txn}, counter {counter:X8}");
        await bench.SendAsync(ping).ConfigureAwait(false);
        Arrival again = await bench.ExpectAsync(TlkType.Pong, "PONG again").ConfigureAwait(false);
        Bench.Check(again.IsSame(pong), "the same PONG for the same PING", again.ToString());
    }

    private static async Task SilenceAsync(Bench bench)
    {
        const int Pings = 3;
        await bench.SettleAsync().ConfigureAwait(false);
        long began = bench.Now; // the last that it hears comes after this
        _ = await bench.ProbeAsync().ConfigureAwait(false);
        bench.IsMute = true;
        List<Arrival> pings = [];
        Arrival? arrival = null;
        while (bench.Now - began < bench.Within(20_000).TotalMilliseconds && arrival?.Type != TlkType.Hello)
        {
            arrival = await bench.NextAsync(bench.Within(5_000)).ConfigureAwait(false);
            if (arrival?.Type == TlkType.Ping)
            {
                pings.Add(arrival);
            }
        }

        long took = bench.Now - began;
        Bench.Check(pings.Count >= Pings, "3 PING into silence", $"{pings.Count}: {bench.Lately()}");
        Bench.Check(pings[0].At - began >= (bench.Ms(5000) * 3 / 4) - 100, $"the first PING after {bench.Ms(5000)} ms", $"after {pings[0].At - began} ms");
        Bench.Check(pings.Select(p => p.Frame.Txn).Distinct().Count() == pings.Count, "a new txn in each PING", "one twice");
        Bench.Check(
            pings.Select(p => PingMessage.Read(p.Frame.Payload, out _)).Distinct().Count() == pings.Count, "a new counter in each PING", "one twice");
        Bench.Check(arrival?.Type == TlkType.Hello, "HELLO after 20 s of silence", bench.Lately());
        Bench.Check(took >= (bench.Ms(20_000) * 3 / 4) - 100, $"HELLO after {bench.Ms(20_000)} ms", $"after {took} ms");
    }

    private static async Task AskAsync(Bench bench)
    {
        byte txn = bench.NextTxn();
        await bench.SendAsync(GatewayFrames.Ask(txn)).ConfigureAwait(false);
        Arrival status = await bench.ExpectAsync(TlkType.Status, $"STATUS with txn {txn}", only: a => a.Frame.Txn == txn).ConfigureAwait(false);
        TlkReport read = CheckStatus(status.Frame);
        Bench.Check(
            read.Unacknowledged == 0 || bench.Options.Sell is null, "0 records without a result, as all have theirs", $"{read.Unacknowledged}");
    }

    private static async Task TwiceAsync(Bench bench)
    {
        TlkFrame ask = GatewayFrames.Ask(bench.NextTxn());
        await bench.SendAsync(ask).ConfigureAwait(false);
        Arrival first = await bench.ExpectAsync(TlkType.Status, "STATUS", only: a => a.Frame.Txn == ask.Txn).ConfigureAwait(false);
        _ = await bench.CollectAsync(30).ConfigureAwait(false);
        await bench.SendAsync(ask).ConfigureAwait(false);
        Arrival second = await bench.ExpectAsync(TlkType.Status, "STATUS again", only: a => a.Frame.Txn == ask.Txn).ConfigureAwait(false);
        Bench.Check(second.IsSame(first), "the same STATUS for the same ASK", "another one");
    }
}

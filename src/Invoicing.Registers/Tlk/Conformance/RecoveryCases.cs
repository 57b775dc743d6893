using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>GET, HAVE and recovered records: TLK/1 §3.7, §9.</summary>
internal static class RecoveryCases
{
    internal static IEnumerable<ConformanceCase> All =>
    [
        new("C080", "§9.1, §9.2", "durable < acked: it waits for GET, answers HAVE and sends the records with their results", RecoverAsync),
        new("C081", "§9.4", "a run in two GETs; then it goes on with acked + 1", TwoGetsAsync),
        new("C082", "§3.7", "GET beyond its newest, or of another epoch, gets ERROR 3", ImpossibleAsync),
        new("C083", "§3", "the same GET again gets the same HAVE", TwiceAsync),
        new("C084", "§9.5", "GET on a register that lost nothing: records with recovered, and life goes on", AuditAsync),
        new("C085", "§9.5", "a cut in the middle of a recovery begins again at HELLO", CutAsync),
        new("C086", "§9.2", "records that are no longer held: HAVE with present 0", NotHeldAsync),
        new("C087", "§6.5, §9.2", "a recovered record without a result goes again", ResendAsync),
    ];

    /// <summary>A session with a gateway that lost the last records, which the kit holds.</summary>
    internal static async Task<(ulong From, ulong To)> LoseAsync(Bench bench, int count)
    {
        ulong[] seqs = await RecordCases.SeveralSalesAsync(bench, count).ConfigureAwait(false);
        await bench.AckAsync(seqs).ConfigureAwait(false);
        _ = await bench.ProbeAsync().ConfigureAwait(false);
        HelloView hello = await bench.GreetAsync().ConfigureAwait(false);
        Bench.Check(hello.Acked >= seqs[^1], $"acked {seqs[^1]}", $"{hello.Acked}");
        await bench.WelcomeAsync(hello, durable: seqs[0] - 1).ConfigureAwait(false);
        return (seqs[0], hello.Acked);
    }

    /// <summary>Asks and reads the answer.</summary>
    internal static async Task<HaveMessage> GetAsync(Bench bench, ulong from, ulong to)
    {
        TlkFrame get = GatewayFrames.Get(bench.NextTxn(), bench.Ledger.Epoch, from, to);
        await bench.SendAsync(get).ConfigureAwait(false);
        Arrival have = await bench.ExpectAsync(TlkType.Have, $"HAVE for GET {from}..{to}", only: a => a.Frame.Txn == get.Txn).ConfigureAwait(false);
        var read = HaveMessage.Read(have.Frame.Payload, out string? fault);
        Bench.Check(
            read is not null && read.From == from && read.To <= to && read.Epoch == bench.Ledger.Epoch, $"HAVE from {from} to at most {to}",
            fault ?? $"HAVE {read!.From}..{read.To}");
        return read!;
    }

    /// <summary>Takes recovered records, demands that each says what it was given, and answers them.</summary>
    internal static async Task TakeAsync(Bench bench, ulong from, ulong to)
    {
        for (ulong seq = from; seq <= to; seq++)
        {
            Arrival record = await bench.RecordAsync(seq, $"recovered record {seq}", bench.Soon).ConfigureAwait(false);
            CheckRecovered(bench, record);
            await bench.AckAsync(seq).ConfigureAwait(false);
        }
    }

    private static void CheckRecovered(Bench bench, Arrival record)
    {
        Bench.Check(record.Recovered is not null, $"record {record.Seq} with recovered, as GET asked for it", "it without");
        var held = GivenResult.Read(record.Recovered!.Value, out string? fault);
        GivenResult? given = bench.Ledger.KnownResult(record.Seq);
        Bench.Check(fault is null && (given is null || held == given), $"recovered {given}", fault ?? held?.ToString() ?? "an empty one");
    }

    private static async Task RecoverAsync(Bench bench)
    {
        (ulong from, ulong to) = await LoseAsync(bench, 3).ConfigureAwait(false);
        await bench.SellAsync().ConfigureAwait(false);
        List<Arrival> early = await bench.CollectAsync(bench.Ms(1500)).ConfigureAwait(false);
        Bench.Check(!early.Exists(a => a.Type == TlkType.Rec), "no record before GET", "one");
        HaveMessage have = await GetAsync(bench, from, to).ConfigureAwait(false);
        Bench.Check(have.Present && have.To == to, $"HAVE {from}..{to}, present", $"HAVE {have.From}..{have.To}, {(have.Present ? "present" : "not present")}");
        await TakeAsync(bench, from, to).ConfigureAwait(false);
        Arrival next = await bench.RecordAsync(to + 1, $"record {to + 1} after the recovery").ConfigureAwait(false);
        Bench.Check(next.Recovered is null, "a new record without recovered", "it with");
        await bench.AckAsync(next.Seq).ConfigureAwait(false);
        await bench.OnceAsync(next.Seq).ConfigureAwait(false);
    }

    private static async Task TwoGetsAsync(Bench bench)
    {
        (ulong from, ulong to) = await LoseAsync(bench, 4).ConfigureAwait(false);
        ulong half = from + 1;
        _ = await GetAsync(bench, from, half).ConfigureAwait(false);
        await TakeAsync(bench, from, half).ConfigureAwait(false);
        await bench.SellAsync().ConfigureAwait(false);
        List<Arrival> early = await bench.CollectAsync(bench.Ms(800)).ConfigureAwait(false);
        Bench.Check(!early.Exists(a => a.Record is not null && a.Seq > half), "no other record before the run reached acked", bench.Lately());
        _ = await GetAsync(bench, half + 1, to).ConfigureAwait(false);
        await TakeAsync(bench, half + 1, to).ConfigureAwait(false);
        Arrival next = await bench.RecordAsync(to + 1, $"record {to + 1} after the recovery").ConfigureAwait(false);
        await bench.AckAsync(next.Seq).ConfigureAwait(false);
        await bench.OnceAsync(next.Seq).ConfigureAwait(false);
    }

    private static async Task ImpossibleAsync(Bench bench)
    {
        ulong newest = bench.Ledger.Durable;
        foreach ((ulong epoch, ulong to) in new[] { (bench.Ledger.Epoch, newest + 1_000_000), (bench.Ledger.Epoch ^ 1, Math.Max(newest, 1)) })
        {
            _ = await bench.CollectAsync(bench.Ms(1100) + 20).ConfigureAwait(false);
            byte txn = bench.NextTxn();
            await bench.SendAsync(GatewayFrames.Get(txn, epoch, 1, to)).ConfigureAwait(false);
            Arrival error = await bench.ExpectAsync(TlkType.Error, "ERROR 3").ConfigureAwait(false);
            var read = ErrorMessage.Read(error.Frame.Payload, out string? fault);
            Bench.Check(
                read?.Reason == (byte)ErrorReason.NotNow && error.Frame.Txn == txn, $"ERROR 3 with txn {txn}", fault ?? $"ERROR {read!.Reason} with txn {error.Frame.Txn}");
        }
    }

    private static async Task TwiceAsync(Bench bench)
    {
        (ulong from, ulong to) = await LoseAsync(bench, 1).ConfigureAwait(false);
        TlkFrame get = GatewayFrames.Get(bench.NextTxn(), bench.Ledger.Epoch, from, to);
        await bench.SendAsync(get).ConfigureAwait(false);
        Arrival first = await bench.ExpectAsync(TlkType.Have, "HAVE").ConfigureAwait(false);
        await bench.SendAsync(get).ConfigureAwait(false);
        Arrival second = await bench.ExpectAsync(TlkType.Have, "HAVE again").ConfigureAwait(false);
        Bench.Check(second.IsSame(first), "the same HAVE for the same GET", "another");
        _ = await bench.ProbeAsync().ConfigureAwait(false);
        await TakeAgainAsync(bench, from, to).ConfigureAwait(false);
    }

    private static async Task TakeAgainAsync(Bench bench, ulong from, ulong to)
    {
        for (ulong seq = from; seq <= to; seq++)
        {
            _ = await bench.RecordAsync(seq, $"recovered record {seq}, again if need be", bench.Within(1000)).ConfigureAwait(false);
            await bench.AckAsync(seq).ConfigureAwait(false);
        }
    }

    private static async Task AuditAsync(Bench bench)
    {
        ulong[] seqs = await RecordCases.SeveralSalesAsync(bench, 2).ConfigureAwait(false);
        await bench.AckAsync(seqs).ConfigureAwait(false);
        _ = await bench.ProbeAsync().ConfigureAwait(false);
        _ = await GetAsync(bench, seqs[0], seqs[1]).ConfigureAwait(false);
        await TakeAsync(bench, seqs[0], seqs[1]).ConfigureAwait(false);
        Arrival next = await bench.SaleAsync().ConfigureAwait(false);
        await bench.AckAsync(next.Seq).ConfigureAwait(false);
        await bench.OnceAsync(next.Seq).ConfigureAwait(false);
    }

    private static async Task CutAsync(Bench bench)
    {
        (ulong from, ulong to) = await LoseAsync(bench, 3).ConfigureAwait(false);
        _ = await GetAsync(bench, from, to).ConfigureAwait(false);
        await TakeAsync(bench, from, from).ConfigureAwait(false);
        await bench.CutAsync().ConfigureAwait(false);
        _ = await bench.SessionAsync(durable: from).ConfigureAwait(false);
        _ = await GetAsync(bench, from + 1, to).ConfigureAwait(false);
        await TakeAsync(bench, from + 1, to).ConfigureAwait(false);
        await bench.OnceAsync(to).ConfigureAwait(false);
    }

    private static async Task NotHeldAsync(Bench bench)
    {
        HelloView hello = bench.Hello!;
        if (hello.Oldest <= 1 || hello.Acked == 0)
        {
            throw new NotApplicableException("the register still holds its first record");
        }

        HaveMessage have = await GetAsync(bench, 1, hello.Acked).ConfigureAwait(false);
        Bench.Check(!have.Present && have.To == hello.Oldest - 1, $"HAVE 1..{hello.Oldest - 1}, not present", $"HAVE {have.From}..{have.To}, {(have.Present ? "" : "not ")}present");
    }

    private static async Task ResendAsync(Bench bench)
    {
        (ulong from, ulong to) = await LoseAsync(bench, 2).ConfigureAwait(false);
        _ = await GetAsync(bench, from, to).ConfigureAwait(false);
        Arrival first = await bench.RecordAsync(from, within: bench.Soon).ConfigureAwait(false);
        Arrival again = await bench.RecordAsync(from, $"recovered record {from} again", bench.Within(1000)).ConfigureAwait(false);
        Bench.Check(again.Record!.AsSpan().SequenceEqual(first.Record), "the same bytes", "others");
        CheckRecovered(bench, again);
        await TakeAgainAsync(bench, from, to).ConfigureAwait(false);
    }
}

using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;
using Invoicing.Registers.Tlk.Records;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>Records on their way and their results: TLK/1 §3.3, §3.4, §5, §6.</summary>
internal static class RecordCases
{
    /// <summary>Lines of a sale that fills several bodies of 512 bytes.</summary>
    internal const int ManyLines = 20;

    internal static IEnumerable<ConformanceCase> All =>
    [
        new("C040", "§6.1, §4", "a sale comes under the next sequence and its record reads", SaleAsync),
        new("C041", "§6.5", "without a result it goes again after 500 ms, twice as long each time up to 8 s, with the same bytes", ResendAsync),
        new("C042", "§6.4", "no more records under way than the window", WindowAsync),
        new("C043", "§3.3", "a record that does not fit goes in fragments", FragmentsAsync),
        new("C044", "§3.3", "the record's bytes stay the same whatever the body's size", OtherBodyAsync),
        new("C045", "§4 tag 04", "previous is the hash of the record before", PreviousAsync),
        new("C046", "§6.3", "it sends from its own acked + 1, whatever durable says", OwnAckedAsync),
        new("C047", "§6.1", "sequences go on over a new session", ContinueAsync),
        new("C048", "§3.4, §3.1", "one ACK with several results moves acked", SeveralAsync),
        new("C049", "§6.5", "a result for one of several: only the others go again", PartialAsync),
        new("C050", "§6.3, §6.5", "durable without a result ends nothing", DurableOnlyAsync),
        new("C051", "§13", "a lost ACK: the record comes again and takes its first result", LostAckAsync),
        new("C052", "§5", "the same result again is ignored; ISSUED after HELD replaces it", SameResultAsync),
        new("C053", "§5", "another result gets ERROR 5 and the first one stays", OtherResultAsync),
        new("C054", "§5", "a result of a record that was never sent is ignored", NeverSentAsync),
        new("C055", "§3.4", "an ACK of another epoch is ignored", OtherEpochAsync),
        new("C056", "§5", "the same result with another lookup or text is the same", OtherWordsAsync),
    ];

    private static async Task SaleAsync(Bench bench)
    {
        Arrival sale = await bench.SaleAsync().ConfigureAwait(false);
        var view = RecordView.Read(sale.Record);
        Bench.Check(view.Fault is null, "a record as §4 says", view.Fault ?? "");
        Bench.Check(view.IsSale || bench.Options.Sell is null, "a SALE, as one was rung up", $"kind {view.Kind}");
        Bench.Check(sale.Recovered is null, "no recovered, as no GET asked for it", "one");
        Bench.Check(sale.Frame.Txn == 0, "REC with txn 0", $"{sale.Frame.Txn}");
        await bench.AckAsync(sale.Seq).ConfigureAwait(false);
        await bench.OnceAsync(sale.Seq).ConfigureAwait(false);
    }

    private static async Task ResendAsync(Bench bench)
    {
        const int Repeats = 6;
        long began = bench.Now;
        Arrival first = await bench.SaleAsync().ConfigureAwait(false);
        long specified = 0;
        long pause = 500;
        for (int i = 0; i < Repeats; i++)
        {
            Arrival again = await bench.RecordAsync(first.Seq, "the record again", bench.Within(9000)).ConfigureAwait(false);
            Bench.Check(again.Record!.AsSpan().SequenceEqual(first.Record), "the same record bytes", "others");
            specified += pause;
            pause = Math.Min(pause * 2, 8000);
        }

        long took = bench.Now - began;
        Bench.Check(
            took >= (bench.Ms(specified) * 3 / 4) - 100, $"{Repeats} repetitions in {bench.Ms(specified)} ms or so", $"in {took} ms");
        await bench.AckAsync(first.Seq).ConfigureAwait(false);
    }

    private static async Task WindowAsync(Bench bench)
    {
        NeedsSales(bench);
        const int Window = 2;
        ulong first = bench.Ledger.Durable + 1;
        for (int i = 0; i < Window + 2; i++)
        {
            await bench.SellAsync().ConfigureAwait(false);
        }

        for (ulong seq = first; seq <= first + Window + 1; seq++)
        {
            _ = await bench.RecordAsync(seq).ConfigureAwait(false);
        }

        _ = await bench.SessionAsync(window: Window).ConfigureAwait(false);
        HashSet<ulong> seen = [];
        foreach (Arrival arrival in await bench.CollectAsync(bench.Ms(2500) + 100).ConfigureAwait(false))
        {
            if (arrival.Record is not null)
            {
                _ = seen.Add(arrival.Seq);
            }
        }

        Bench.Check(seen.Contains(first), $"record {first}", bench.Lately());
        Bench.Check(seen.All(seq => seq < first + Window), $"records {first} and {first + 1}, as the window is 2", string.Join(", ", seen.Order()));
        await bench.AckAsync(first).ConfigureAwait(false);
        _ = await bench.RecordAsync(first + Window, $"record {first + Window} once the first has its result", bench.Soon).ConfigureAwait(false);
    }

    private static async Task FragmentsAsync(Bench bench)
    {
        _ = await bench.SessionAsync(maxBody: TlkFrame.SmallestMaxBody).ConfigureAwait(false);
        ulong seq = bench.Ledger.Durable + 1;
        await bench.SellAsync(ManyLines).ConfigureAwait(false);
        int frames = 0;
        Arrival last = await bench.ExpectAsync(
            TlkType.Rec, $"record {seq} in fragments", bench.Options.SalePatience,
            a =>
            {
                frames++;
                CheckBody(bench, a, TlkFrame.SmallestMaxBody);
                return a.Record is not null && a.Seq == seq;
            }).ConfigureAwait(false);
        if (frames == 1 && last.Record!.Length < TlkFrame.SmallestMaxBody)
        {
            throw new NotApplicableException("the sale that came fits into one frame");
        }

        Arrival again = await bench.RecordAsync(seq, "the record's fragments again", bench.Within(1000)).ConfigureAwait(false);
        Bench.Check(again.Record!.AsSpan().SequenceEqual(last.Record), "the same record", "another");
        await bench.AckAsync(seq).ConfigureAwait(false);
        await bench.OnceAsync(seq).ConfigureAwait(false);
    }

    private static void CheckBody(Bench bench, Arrival arrival, int maxBody)
    {
        int body = arrival.Frame.Payload.Length + TlkFrame.Overhead + (bench.IsSealed ? 16 : 0);
        Bench.Check(body <= maxBody, $"bodies of at most {maxBody} bytes, as agreed", $"{body}");
    }

    private static async Task OtherBodyAsync(Bench bench)
    {
        Arrival whole = await bench.SaleAsync(ManyLines).ConfigureAwait(false);
        _ = await bench.SessionAsync(maxBody: TlkFrame.SmallestMaxBody).ConfigureAwait(false);
        Arrival parts = await bench.RecordAsync(whole.Seq, within: bench.Soon).ConfigureAwait(false);
        Bench.Check(parts.Record!.AsSpan().SequenceEqual(whole.Record), "the same record in smaller bodies", "another");
        await bench.AckAsync(whole.Seq).ConfigureAwait(false);
    }

    private static async Task PreviousAsync(Bench bench)
    {
        if (!bench.Hello!.Can(HelloView.CarriesPrevious))
        {
            throw new NotApplicableException("caps bit 2 is not set");
        }

        Arrival first = await bench.SaleAsync().ConfigureAwait(false);
        await bench.AckAsync(first.Seq).ConfigureAwait(false);
        Arrival second = await bench.SaleAsync().ConfigureAwait(false);
        await bench.AckAsync(second.Seq).ConfigureAwait(false);
        string expected = RecordHash.Of(bench.Ledger.Epoch, first.Seq, first.Record).ToString()[..32];
        string came = RecordView.Read(second.Record).Previous is { } previous ? Convert.ToHexString(previous) : "nothing";
        Bench.Check(string.Equals(came, expected, StringComparison.OrdinalIgnoreCase), $"previous {expected}", came);
    }

    private static async Task OwnAckedAsync(Bench bench)
    {
        Arrival sale = await bench.SaleAsync().ConfigureAwait(false);
        HelloView hello = await bench.SessionAsync(durable: sale.Seq).ConfigureAwait(false);
        Bench.Check(hello.Acked < sale.Seq, $"acked below {sale.Seq}, as no result came", $"{hello.Acked}");
        _ = await bench.RecordAsync(sale.Seq, $"record {sale.Seq} again, though durable is {sale.Seq}", bench.Soon).ConfigureAwait(false);
        await bench.AckAsync(sale.Seq).ConfigureAwait(false);
        await bench.OnceAsync(sale.Seq).ConfigureAwait(false);
    }

    private static async Task ContinueAsync(Bench bench)
    {
        Arrival first = await bench.SaleAsync().ConfigureAwait(false);
        await bench.AckAsync(first.Seq).ConfigureAwait(false);
        await bench.CutAsync().ConfigureAwait(false);
        _ = await bench.SessionAsync().ConfigureAwait(false);
        Arrival second = await bench.SaleAsync().ConfigureAwait(false);
        bool goesOn = bench.Options.Sell is null ? second.Seq > first.Seq : second.Seq == first.Seq + 1; // one that sells by itself sold meanwhile
        Bench.Check(goesOn, $"sequence {first.Seq + 1}", $"{second.Seq}");
        await bench.AckAsync(second.Seq).ConfigureAwait(false);
        await bench.OnceAsync(second.Seq).ConfigureAwait(false);
    }

    /// <summary>Sales that are under way together.</summary>
    internal static async Task<ulong[]> SeveralSalesAsync(Bench bench, int count)
    {
        ulong first = bench.Ledger.Durable + 1;
        for (int i = 0; i < count; i++)
        {
            await bench.SellAsync().ConfigureAwait(false);
        }

        ulong[] seqs = [.. Enumerable.Range(0, count).Select(i => first + (ulong)i)];
        foreach (ulong seq in seqs)
        {
            if (bench.Ledger.Record(seq) is null)
            {
                _ = await bench.RecordAsync(seq).ConfigureAwait(false);
            }
        }

        return seqs;
    }

    private static async Task SeveralAsync(Bench bench)
    {
        ulong[] seqs = await SeveralSalesAsync(bench, 3).ConfigureAwait(false);
        await bench.AckAsync(seqs).ConfigureAwait(false);
        _ = await bench.ProbeAsync().ConfigureAwait(false);
        HelloView hello = await bench.GreetAsync().ConfigureAwait(false);
        Bench.Check(hello.Acked >= seqs[^1], $"acked {seqs[^1]}", $"{hello.Acked}");
    }

    private static async Task PartialAsync(Bench bench)
    {
        ulong[] seqs = await SeveralSalesAsync(bench, 2).ConfigureAwait(false);
        await bench.AckAsync(seqs[1]).ConfigureAwait(false);
        _ = await bench.ProbeAsync().ConfigureAwait(false);
        _ = await bench.RecordAsync(seqs[0], $"record {seqs[0]} again", bench.Within(1000)).ConfigureAwait(false);
        List<Arrival> later = await bench.CollectAsync(bench.Ms(1500)).ConfigureAwait(false);
        Bench.Check(!later.Exists(a => a.Seq == seqs[1]), $"no record {seqs[1]}, as it has its result", "it again");
        HelloView hello = await bench.SessionAsync().ConfigureAwait(false);
        Bench.Check(hello.Acked == seqs[0] - 1, $"acked {seqs[0] - 1}, as record {seqs[0]} has no result", $"{hello.Acked}");
        _ = await bench.RecordAsync(seqs[0], within: bench.Soon).ConfigureAwait(false);
        await bench.AckAsync(seqs[0]).ConfigureAwait(false);
        await bench.OnceAsync(seqs[1]).ConfigureAwait(false);
    }

    private static async Task DurableOnlyAsync(Bench bench)
    {
        Arrival sale = await bench.SaleAsync().ConfigureAwait(false);
        await bench.SendAsync(GatewayFrames.Ack(bench.Ledger.Epoch, sale.Seq)).ConfigureAwait(false);
        _ = await bench.RecordAsync(sale.Seq, "the record again, as no result came", bench.Within(1000)).ConfigureAwait(false);
        HelloView hello = await bench.SessionAsync(durable: sale.Seq).ConfigureAwait(false);
        Bench.Check(hello.Acked < sale.Seq, $"acked below {sale.Seq}", $"{hello.Acked}");
        _ = await bench.RecordAsync(sale.Seq, "the record again after HELLO, as no result came", bench.Soon).ConfigureAwait(false);
        await bench.AckAsync(sale.Seq).ConfigureAwait(false);
    }

    private static async Task LostAckAsync(Bench bench)
    {
        Arrival sale = await bench.SaleAsync().ConfigureAwait(false);
        _ = bench.Ledger.ResultOf(sale.Seq);
        _ = await bench.RecordAsync(sale.Seq, "the record again", bench.Within(1000)).ConfigureAwait(false);
        await bench.AckAsync(sale.Seq).ConfigureAwait(false);
        await bench.OnceAsync(sale.Seq).ConfigureAwait(false);
    }

    private static async Task SameResultAsync(Bench bench)
    {
        Arrival sale = await bench.SaleAsync().ConfigureAwait(false);
        GivenResult usual = bench.Ledger.ResultOf(sale.Seq);
        if (usual.Outcome == ResultTag.Issued && RecordView.Read(sale.Record).Leased is null)
        {
            bench.Ledger.Decide(sale.Seq, GivenResult.Held);
            await bench.AckAsync(sale.Seq).ConfigureAwait(false);
            bench.Ledger.Decide(sale.Seq, usual);
        }

        await bench.AckAsync(sale.Seq).ConfigureAwait(false);
        await bench.AckAsync(sale.Seq).ConfigureAwait(false);
        List<Arrival> came = [.. await bench.ProbeAsync().ConfigureAwait(false), .. await bench.ProbeAsync().ConfigureAwait(false)];
        Bench.Check(!came.Exists(a => a.Type == TlkType.Error), "no ERROR for a result that is the same, or that replaces HELD", "one");
        await bench.OnceAsync(sale.Seq).ConfigureAwait(false);
    }

    private static async Task OtherResultAsync(Bench bench)
    {
        Arrival sale = await bench.SaleAsync().ConfigureAwait(false);
        await bench.AckAsync(sale.Seq).ConfigureAwait(false);
        _ = await bench.CollectAsync(bench.Ms(1100)).ConfigureAwait(false);
        GivenResult other = new(ResultTag.Issued, "M1-26-OTHER-00000000001", "C26MKX", 1);
        await bench.SendAsync(GatewayFrames.Ack(bench.Ledger.Epoch, bench.Ledger.Durable, (sale.Seq, other))).ConfigureAwait(false);
        Arrival error = await bench.ExpectAsync(TlkType.Error, "ERROR 5").ConfigureAwait(false);
        byte? reason = ErrorMessage.Read(error.Frame.Payload, out string? fault)?.Reason;
        Bench.Check(reason == (byte)ErrorReason.ResultDiffers, "ERROR 5", fault ?? $"ERROR {reason}");
    }

    private static async Task OtherWordsAsync(Bench bench)
    {
        Arrival sale = await bench.SaleAsync().ConfigureAwait(false);
        await bench.AckAsync(sale.Seq).ConfigureAwait(false);
        _ = await bench.CollectAsync(bench.Ms(1100)).ConfigureAwait(false); // an ERROR of before would keep this one back
        GivenResult same = bench.Ledger.ResultOf(sale.Seq) with { Words = "/2" };
        await bench.SendAsync(GatewayFrames.Ack(bench.Ledger.Epoch, bench.Ledger.Durable, (sale.Seq, same))).ConfigureAwait(false);
        List<Arrival> came = [.. await bench.ProbeAsync().ConfigureAwait(false), .. await bench.ProbeAsync().ConfigureAwait(false)];
        Bench.Check(!came.Exists(a => a.Type == TlkType.Error), "no ERROR for a result that is the same but for its lookup", "one");
        await bench.OnceAsync(sale.Seq).ConfigureAwait(false);
    }

    private static async Task NeverSentAsync(Bench bench)
    {
        ulong future = bench.Ledger.Durable + 1000;
        await bench.SendAsync(GatewayFrames.Ack(bench.Ledger.Epoch, bench.Ledger.Durable, (future, GivenResult.Recorded))).ConfigureAwait(false);
        List<Arrival> came = [.. await bench.ProbeAsync().ConfigureAwait(false), .. await bench.ProbeAsync().ConfigureAwait(false)];
        Bench.Check(!came.Exists(a => a.Type == TlkType.Error), "no ERROR", "one");
        HelloView hello = await bench.SessionAsync().ConfigureAwait(false);
        Bench.Check(hello.Acked < future && hello.Newest < future, "acked and newest as they were", $"acked {hello.Acked}, newest {hello.Newest}");
    }

    private static async Task OtherEpochAsync(Bench bench)
    {
        Arrival sale = await bench.SaleAsync().ConfigureAwait(false);
        await bench.SendAsync(GatewayFrames.Ack(bench.Ledger.Epoch ^ 1, sale.Seq, (sale.Seq, bench.Ledger.ResultOf(sale.Seq)))).ConfigureAwait(false);
        _ = await bench.RecordAsync(sale.Seq, "the record again, as the ACK was of another epoch", bench.Within(1000)).ConfigureAwait(false);
        HelloView hello = await bench.SessionAsync().ConfigureAwait(false);
        Bench.Check(hello.Acked < sale.Seq, $"acked below {sale.Seq}", $"{hello.Acked}");
        _ = await bench.RecordAsync(sale.Seq, within: bench.Soon).ConfigureAwait(false);
        await bench.AckAsync(sale.Seq).ConfigureAwait(false);
    }

    private static void NeedsSales(Bench bench)
    {
        if (bench.Options.Sell is null)
        {
            throw new NotApplicableException("the register sells by itself, so it cannot be asked for four sales");
        }
    }
}

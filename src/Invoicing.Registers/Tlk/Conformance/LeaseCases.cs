using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>LEASE and TIME: TLK/1 §3.9, §3.10, §6.2.</summary>
internal static class LeaseCases
{
    private const byte LeaseTag = 0x30;
    private const byte BeforeTag = 0x39;

    internal static IEnumerable<ConformanceCase> All =>
    [
        new("C110", "§3.9", "a lease is taken, and twice the same LEASE gets the same LEASED", TakeAsync),
        new("C111", "§3.9", "a lease whose id does not rise is refused, also in a later session", NoRiseAsync),
        new("C112", "§3.9", "a register without caps bit 0 refuses", WithoutAsync),
        new("C113", "§3.9, §6.2", "with the line down it prints the lease's codes, in order and without leaving any out", PrintAsync) { IsLong = true },
        new("C114", "§6.2", "with the line up the gateway gives the code, lease or not", GatewayAsync),
        new("C120", "§3.10", "TIME near its clock is taken without a record", NearAsync),
        new("C121", "§3.10", "a step of more than 2 s writes a record of kind 6 first", StepAsync),
        new("C122", "§3.10", "a register without caps bit 1 answers TIME with ERROR 3", NoTimeAsync),
    ];

    /// <summary>The next lease that the kit may grant: ids rise over runs, too.</summary>
    internal static GrantedLease Next(Bench bench)
    {
        DateTimeOffset now = bench.Options.Time.GetUtcNow();
        ulong id = Math.Max((ulong)now.ToUnixTimeMilliseconds(), bench.LastLease + 1);
        bench.LastLease = id;
        return new(id, 1 + (id % 10_000_000 * 100), (uint)(1 + (id % 900_000 * 100)), now.AddHours(12).ToOffset(TimeSpan.FromHours(7)));
    }

    internal static void NeedsLease(Bench bench)
    {
        if (!bench.Hello!.Can(HelloView.PrintsLeased))
        {
            throw new NotApplicableException("caps bit 0 is not set");
        }
    }

    /// <summary>Sends one and returns its LEASED.</summary>
    internal static async Task<Arrival> GrantAsync(Bench bench, TlkFrame lease, GrantedLease granted, bool taken)
    {
        await bench.SendAsync(lease).ConfigureAwait(false);
        Arrival leased = await bench.ExpectAsync(TlkType.Leased, "LEASED", only: a => a.Frame.Txn == lease.Txn).ConfigureAwait(false);
        TlvFault faults = new();
        TlvGroup fields = new(leased.Frame.Payload, "LEASED", [LeaseTag, Tag.Present], [], faults);
        ulong id = fields.U64(LeaseTag, 1);
        bool present = fields.U8(Tag.Present, 0, 1) == 1;
        Bench.Check(
            faults.First is null && id == granted.Id && present == taken, $"LEASED {granted.Id} {(taken ? "taken" : "refused")}",
            faults.First ?? $"LEASED {id} {(present ? "taken" : "refused")}");
        return leased;
    }

    private static async Task TakeAsync(Bench bench)
    {
        NeedsLease(bench);
        GrantedLease granted = Next(bench);
        TlkFrame lease = GatewayFrames.LeaseOf(bench.NextTxn(), bench.Ledger.Epoch, granted);
        Arrival first = await GrantAsync(bench, lease, granted, taken: true).ConfigureAwait(false);
        Arrival second = await GrantAsync(bench, lease, granted, taken: true).ConfigureAwait(false);
        Bench.Check(second.IsSame(first), "the same LEASED", "another");
    }

    private static async Task NoRiseAsync(Bench bench)
    {
        NeedsLease(bench);
        GrantedLease granted = Next(bench);
        _ = await GrantAsync(bench, GatewayFrames.LeaseOf(bench.NextTxn(), bench.Ledger.Epoch, granted), granted, taken: true).ConfigureAwait(false);
        _ = await GrantAsync(bench, GatewayFrames.LeaseOf(bench.NextTxn(), bench.Ledger.Epoch, granted), granted, taken: false).ConfigureAwait(false);
        _ = await bench.SessionAsync().ConfigureAwait(false);
        GrantedLease lower = granted with { Id = granted.Id - 1 };
        _ = await GrantAsync(bench, GatewayFrames.LeaseOf(bench.NextTxn(), bench.Ledger.Epoch, lower), lower, taken: false).ConfigureAwait(false);
    }

    private static async Task WithoutAsync(Bench bench)
    {
        if (bench.Hello!.Can(HelloView.PrintsLeased))
        {
            throw new NotApplicableException("caps bit 0 is set");
        }

        GrantedLease granted = Next(bench);
        _ = await GrantAsync(bench, GatewayFrames.LeaseOf(bench.NextTxn(), bench.Ledger.Epoch, granted), granted, taken: false).ConfigureAwait(false);
    }

    private static async Task PrintAsync(Bench bench)
    {
        NeedsLease(bench);
        GrantedLease granted = Next(bench);
        _ = await GrantAsync(bench, GatewayFrames.LeaseOf(bench.NextTxn(), bench.Ledger.Epoch, granted), granted, taken: true).ConfigureAwait(false);
        ulong first = bench.Ledger.Durable + 1;
        await bench.CutAsync().ConfigureAwait(false);
        await Task.Delay(TimeSpan.FromMilliseconds(bench.Ms(30_000) + 300), bench.Options.Time, bench.Cancel).ConfigureAwait(false);
        await bench.SellAsync().ConfigureAwait(false);
        await bench.SellAsync().ConfigureAwait(false);
        await Task.Delay(TimeSpan.FromMilliseconds(300), bench.Options.Time, bench.Cancel).ConfigureAwait(false);
        _ = await bench.SessionAsync().ConfigureAwait(false);
        for (uint i = 0; i < 2; i++)
        {
            Arrival sale = await bench.RecordAsync(first + i).ConfigureAwait(false);
            var view = RecordView.Read(sale.Record);
            Bench.Check(view.Fault is null, "a record as §4 says", view.Fault ?? "");
            if (view.Leased is null)
            {
                throw new NotApplicableException("with the line down it left the code to the gateway, which is legal");
            }

            Bench.Check(
                view.Lease == granted.Id && view.Leased.Code == granted.Code(i) && view.Leased.Series == GrantedLease.Series
                && view.Leased.Number == granted.FirstNumber + i,
                $"lease {granted.Id}, {granted.Code(i)} {GrantedLease.Series} {granted.FirstNumber + i}",
                $"lease {view.Lease}, {view.Leased.Code} {view.Leased.Series} {view.Leased.Number}");
            await bench.AckAsync(sale.Seq).ConfigureAwait(false);
        }

        await bench.OnceAsync(first + 1).ConfigureAwait(false);
    }

    private static async Task GatewayAsync(Bench bench)
    {
        NeedsLease(bench);
        GrantedLease granted = Next(bench);
        _ = await GrantAsync(bench, GatewayFrames.LeaseOf(bench.NextTxn(), bench.Ledger.Epoch, granted), granted, taken: true).ConfigureAwait(false);
        Arrival sale = await bench.SaleAsync().ConfigureAwait(false);
        var view = RecordView.Read(sale.Record);
        Bench.Check(view.Fault is null && view.Leased is null, "code from 0 and none of the tags 06 to 09", view.Fault ?? $"the leased code {view.Leased?.Code}");
        await bench.AckAsync(sale.Seq).ConfigureAwait(false);
        await bench.OnceAsync(sale.Seq).ConfigureAwait(false);
    }

    private static void NeedsTime(Bench bench)
    {
        if (!bench.Hello!.Can(HelloView.TakesTime))
        {
            throw new NotApplicableException("caps bit 1 is not set");
        }
    }

    private static async Task<(DateTimeOffset Clock, DateTimeOffset Before, Arrival Frame)> SetAsync(Bench bench, TlkFrame time)
    {
        await bench.SendAsync(time).ConfigureAwait(false);
        Arrival timed = await bench.ExpectAsync(TlkType.Timed, "TIMED", only: a => a.Frame.Txn == time.Txn).ConfigureAwait(false);
        TlvFault faults = new();
        TlvGroup fields = new(timed.Frame.Payload, "TIMED", [Tag.Clock, BeforeTag], [], faults);
        (DateTimeOffset clock, DateTimeOffset before) = (fields.Time(Tag.Clock), fields.Time(BeforeTag));
        Bench.Check(faults.First is null, "TIMED as §3.10 says", faults.First ?? "");
        return (clock, before, timed);
    }

    /// <summary>The register's own clock, as STATUS says it.</summary>
    private static async Task<DateTimeOffset> ClockAsync(Bench bench)
    {
        byte txn = bench.NextTxn();
        await bench.SendAsync(GatewayFrames.Ask(txn)).ConfigureAwait(false);
        Arrival status = await bench.ExpectAsync(TlkType.Status, "STATUS", only: a => a.Frame.Txn == txn).ConfigureAwait(false);
        return StatusCases.CheckStatus(status.Frame).Clock;
    }

    private static async Task NearAsync(Bench bench)
    {
        NeedsTime(bench);
        ulong newest = bench.Ledger.Durable;
        DateTimeOffset wanted = (await ClockAsync(bench).ConfigureAwait(false)).AddMilliseconds(500);
        TlkFrame time = GatewayFrames.Time(bench.NextTxn(), wanted);
        (DateTimeOffset clock, _, Arrival first) = await SetAsync(bench, time).ConfigureAwait(false);
        Bench.Check((clock - wanted).Duration() < TimeSpan.FromSeconds(2), $"a clock at {wanted:O}", $"{clock:O}");
        (_, _, Arrival second) = await SetAsync(bench, time).ConfigureAwait(false);
        Bench.Check(second.IsSame(first), "the same TIMED for the same TIME", "another");
        List<Arrival> came = await bench.CollectAsync(bench.Ms(1000) + 50).ConfigureAwait(false);
        Bench.Check(
            !came.Exists(a => a.Record is { } record && RecordView.Read(record).Kind == RecordView.ClockSet), $"no record of kind 6 after {newest}", "one");
    }

    private static async Task StepAsync(Bench bench)
    {
        NeedsTime(bench);
        DateTimeOffset real = await ClockAsync(bench).ConfigureAwait(false);
        foreach (DateTimeOffset wanted in new[] { real.AddHours(1), real })
        {
            ulong seq = bench.Ledger.Durable + 1;
            TlkFrame time = GatewayFrames.Time(bench.NextTxn(), wanted);
            (DateTimeOffset clock, DateTimeOffset before, _) = await SetAsync(bench, time).ConfigureAwait(false);
            Bench.Check((clock - wanted).Duration() < TimeSpan.FromSeconds(2), $"a clock at {wanted:O}", $"{clock:O}");
            await bench.SendAsync(time).ConfigureAwait(false); // comes twice, is done once
            Arrival record = await ClockRecordAsync(bench, seq).ConfigureAwait(false);
            var view = RecordView.Read(record.Record);
            Bench.Check(
                (view.Closed - wanted).Duration() < TimeSpan.FromSeconds(2) && view.Since is { } since && (since - before).Duration() < TimeSpan.FromSeconds(2),
                $"a record of kind 6 from {before:O} to {wanted:O}", view.Fault ?? $"from {view.Since:O} to {view.Closed:O}");
            await bench.OnceAsync(record.Seq).ConfigureAwait(false);
            Bench.Check(
                bench.Options.Sell is null || bench.Ledger.Durable == seq, "one record of kind 6 for one TIME that came twice", $"{bench.Ledger.Durable - seq + 1} records");
        }
    }

    private static async Task<Arrival> ClockRecordAsync(Bench bench, ulong from)
    {
        for (ulong seq = from; ; seq++)
        {
            Arrival record = await bench.RecordAsync(seq, "a record of kind 6, as the clock stepped", bench.Soon).ConfigureAwait(false);
            await bench.AckAsync(seq).ConfigureAwait(false);
            if (RecordView.Read(record.Record).Kind == RecordView.ClockSet)
            {
                return record;
            }

            Bench.Check(bench.Options.Sell is null, "a record of kind 6, as the clock stepped", $"kind {RecordView.Read(record.Record).Kind}");
        }
    }

    private static async Task NoTimeAsync(Bench bench)
    {
        if (bench.Hello!.Can(HelloView.TakesTime))
        {
            throw new NotApplicableException("caps bit 1 is set");
        }

        _ = await bench.CollectAsync(bench.Ms(1100) + 20).ConfigureAwait(false);
        await bench.SendAsync(GatewayFrames.Time(bench.NextTxn(), bench.Options.Time.GetUtcNow())).ConfigureAwait(false);
        Arrival error = await bench.ExpectAsync(TlkType.Error, "ERROR 3").ConfigureAwait(false);
        byte? reason = ErrorMessage.Read(error.Frame.Payload, out string? fault)?.Reason;
        Bench.Check(reason == (byte)ErrorReason.NotNow, "ERROR 3", fault ?? $"ERROR {reason}");
    }
}

using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>LEASE and TIME: TLK/1 §3.9, §3.10, §6.2.</summary>
internal static class LeaseCases
{
    /// <summary>Records that a register that sells by itself may put before one that is waited for.</summary>
    private const int SoldMeanwhile = 64;

    internal static IEnumerable<ConformanceCase> All =>
    [
        new("C110", "§3.9", "a lease is taken, and twice the same LEASE gets the same LEASED", TakeAsync),
        new("C111", "§3.9", "a lease whose id does not rise is refused, also in a later session", NoRiseAsync),
        new("C112", "§3.9", "a register without caps bit 0 refuses", WithoutAsync),
        new("C113", "§3.9, §6.2", "with the line down it prints the lease's codes, in order and without leaving any out", PrintAsync) { IsLong = true },
        new("C114", "§6.2", "with the line up the gateway gives the code, lease or not", GatewayAsync),
        new("C115", "§3.9", "the lease that it holds is confirmed again in a later session, as newest was then; with other values it is refused", HeldAsync),
        new("C116", "§3.9", "a lease of another epoch gets ERROR 3", OtherEpochAsync),
        new("C117", "§3.9", "a lease that is over is refused, and so is one of the same id after it; a higher one is taken", OverAsync),
        new("C118", "§3.9", "a lease with more codes than numbers gets ERROR 2", UnevenAsync),
        new("C120", "§3.10", "TIME near its clock is taken without a record", NearAsync),
        new("C121", "§3.10", "a step of more than 2 s writes a record of kind 6 first", StepAsync),
        new("C123", "§3.10", "a TIME that lies before the last one of the session gets ERROR 3, and the clock stays", BackAsync),
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
        var read = LeasedMessage.Read(leased.Frame.Payload, out string? fault);
        string wanted = taken ? $"taken with newest {bench.Newest}" : "refused";
        string came = fault ?? (read!.Newest is { } newest ? $"LEASED {read.Lease} taken with newest {newest}" : $"LEASED {read.Lease} refused");
        Bench.Check(
            read?.Lease == granted.Id && (taken ? bench.Options.Sell is null ? read.Newest is not null : read.Newest == bench.Newest : read.Newest is null),
            $"LEASED {granted.Id} {wanted}", came);
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
        GrantedLease lower = granted with { Id = granted.Id - 1 };
        await OfferAsync(bench, granted, taken: true).ConfigureAwait(false);
        await OfferAsync(bench, lower, taken: false).ConfigureAwait(false);
        _ = await bench.SessionAsync().ConfigureAwait(false);
        await OfferAsync(bench, lower, taken: false).ConfigureAwait(false);
    }

    private static async Task OfferAsync(Bench bench, GrantedLease granted, bool taken) =>
        _ = await GrantAsync(bench, GatewayFrames.LeaseOf(bench.NextTxn(), bench.Ledger.Epoch, granted), granted, taken).ConfigureAwait(false);

    /// <summary>LEASED was lost with the line.</summary>
    private static async Task HeldAsync(Bench bench)
    {
        NeedsLease(bench);
        GrantedLease granted = Next(bench);
        await OfferAsync(bench, granted, taken: true).ConfigureAwait(false);
        ulong stored = bench.Newest;
        Arrival sale = await bench.SaleAsync().ConfigureAwait(false);
        await bench.AckAsync(sale.Seq).ConfigureAwait(false);
        await bench.SettleAsync().ConfigureAwait(false);
        TlkFrame again = GatewayFrames.LeaseOf(bench.NextTxn(), bench.Ledger.Epoch, granted);
        await bench.SendAsync(again).ConfigureAwait(false);
        Arrival leased = await bench.ExpectAsync(TlkType.Leased, "LEASED", only: a => a.Frame.Txn == again.Txn).ConfigureAwait(false);
        var read = LeasedMessage.Read(leased.Frame.Payload, out string? fault);
        Bench.Check(
            read is { Newest: { } newest } && read.Lease == granted.Id && (newest == stored || bench.Options.Sell is null),
            $"LEASED {granted.Id} taken with newest {stored}, as when it was stored", fault ?? (read!.Newest is { } n ? $"newest {n}" : "refused"));
        await OfferAsync(bench, granted with { FirstCode = granted.FirstCode + 1 }, taken: false).ConfigureAwait(false);
    }

    private static async Task OtherEpochAsync(Bench bench)
    {
        NeedsLease(bench);
        await ErrorAsync(bench, GatewayFrames.LeaseOf(bench.NextTxn(), bench.Ledger.Epoch ^ 1, Next(bench)), ErrorReason.NotNow).ConfigureAwait(false);
    }

    private static async Task OverAsync(Bench bench)
    {
        NeedsLease(bench);
        GrantedLease granted = Next(bench);
        DateTimeOffset clock = await ClockAsync(bench).ConfigureAwait(false);
        await OfferAsync(bench, granted with { Until = clock.AddMinutes(-1) }, taken: false).ConfigureAwait(false);
        await OfferAsync(bench, granted with { Until = clock.AddHours(12) }, taken: false).ConfigureAwait(false);
        await OfferAsync(bench, Next(bench) with { Until = clock.AddHours(12) }, taken: true).ConfigureAwait(false);
    }

    private static async Task UnevenAsync(Bench bench)
    {
        NeedsLease(bench);
        TlkFrame lease = GatewayFrames.LeaseOf(bench.NextTxn(), bench.Ledger.Epoch, Next(bench));
        byte[] payload = lease.Payload.ToArray();
        byte[] last = [Tag.LeaseLastNumber, 4];
        payload[payload.AsSpan().IndexOf(last) + 2] ^= 1;
        await ErrorAsync(bench, lease with { Payload = payload }, ErrorReason.Malformed).ConfigureAwait(false);
    }

    /// <summary>Sends what must be answered by an ERROR; the second before, so that the one ERROR of a second is still to come.</summary>
    private static async Task ErrorAsync(Bench bench, TlkFrame frame, ErrorReason reason)
    {
        _ = await bench.CollectAsync(bench.Ms(1100) + 20).ConfigureAwait(false);
        await bench.SendAsync(frame).ConfigureAwait(false);
        Arrival error = await bench.ExpectAsync(TlkType.Error, $"ERROR {(byte)reason}").ConfigureAwait(false);
        var read = ErrorMessage.Read(error.Frame.Payload, out string? fault);
        Bench.Check(
            read?.Reason == (byte)reason && read.About == (byte)frame.Type && error.Frame.Txn == frame.Txn, $"ERROR {(byte)reason} with txn {frame.Txn}",
            fault ?? $"ERROR {read!.Reason} about {read.About:X2} with txn {error.Frame.Txn}");
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
        GrantedLease granted = Next(bench) with { Kind = 2 };
        await OfferAsync(bench, granted, taken: true).ConfigureAwait(false);
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
        var read = TimedMessage.Read(timed.Frame.Payload, out string? fault);
        Bench.Check(read is not null, "TIMED as §3.10 says", fault ?? "");
        return (read!.Clock, read.Before, timed);
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
        (TlkFrame time, DateTimeOffset wanted, DateTimeOffset clock, Arrival first) = await SetNearAsync(bench).ConfigureAwait(false);
        ulong newest = bench.Ledger.Durable;
        Bench.Check((clock - wanted).Duration() < TimeSpan.FromSeconds(2), $"a clock at {wanted:O}", $"{clock:O}");
        (_, _, Arrival second) = await SetAsync(bench, time).ConfigureAwait(false);
        Bench.Check(second.IsSame(first), "the same TIMED for the same TIME", "another");
        List<Arrival> came = await bench.CollectAsync(bench.Ms(1000) + 50).ConfigureAwait(false);
        Bench.Check(
            !came.Exists(a => a.Seq > newest && a.Record is { } record && RecordView.Read(record).Kind == RecordView.ClockSet), $"no record of kind 6 after {newest}", "one");
    }

    /// <summary>A TIME that is near the register's clock when it comes, as its TIMED says: a slow machine may need another try.</summary>
    private static async Task<(TlkFrame Time, DateTimeOffset Wanted, DateTimeOffset Clock, Arrival Timed)> SetNearAsync(Bench bench)
    {
        for (int i = 0; i < 8; i++)
        {
            DateTimeOffset wanted = (await ClockAsync(bench).ConfigureAwait(false)).AddMilliseconds(500);
            TlkFrame time = GatewayFrames.Time(bench.NextTxn(), wanted);
            (DateTimeOffset clock, DateTimeOffset before, Arrival timed) = await SetAsync(bench, time).ConfigureAwait(false);
            if ((wanted - before).Duration() <= TimeSpan.FromSeconds(2))
            {
                return (time, wanted, clock, timed);
            }

            await bench.SettleAsync().ConfigureAwait(false);
        }

        throw new NotApplicableException("this machine or line is too slow: a TIME took over 2 s eight times");
    }

    private static async Task StepAsync(Bench bench)
    {
        NeedsTime(bench);
        DateTimeOffset real = await ClockAsync(bench).ConfigureAwait(false);
        foreach (DateTimeOffset wanted in new[] { real.AddHours(1), real })
        {
            // In the session of a TIME none may run back.
            await bench.SettleAsync().ConfigureAwait(false);
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
        // A register that sells by itself may have sold meanwhile.
        for (ulong seq = from; seq < from + SoldMeanwhile; seq++)
        {
            Arrival record = await bench.RecordAsync(seq, "a record of kind 6, as the clock stepped", bench.Soon).ConfigureAwait(false);
            await bench.AckAsync(seq).ConfigureAwait(false);
            if (RecordView.Read(record.Record).Kind == RecordView.ClockSet)
            {
                return record;
            }

            Bench.Check(bench.Options.Sell is null, "a record of kind 6, as the clock stepped", $"kind {RecordView.Read(record.Record).Kind}");
        }

        throw new RuleBrokenException("a record of kind 6, as the clock stepped", $"{SoldMeanwhile} others");
    }

    private static async Task NoTimeAsync(Bench bench)
    {
        if (bench.Hello!.Can(HelloView.TakesTime))
        {
            throw new NotApplicableException("caps bit 1 is set");
        }

        await ErrorAsync(bench, GatewayFrames.Time(bench.NextTxn(), bench.Options.Time.GetUtcNow()), ErrorReason.NotNow).ConfigureAwait(false);
    }

    private static async Task BackAsync(Bench bench)
    {
        NeedsTime(bench);
        DateTimeOffset clock = await ClockAsync(bench).ConfigureAwait(false);
        _ = await SetAsync(bench, GatewayFrames.Time(bench.NextTxn(), clock)).ConfigureAwait(false);
        await ErrorAsync(bench, GatewayFrames.Time(bench.NextTxn(), clock.AddHours(-1)), ErrorReason.NotNow).ConfigureAwait(false);
        DateTimeOffset after = await ClockAsync(bench).ConfigureAwait(false);
        Bench.Check(after > clock.AddSeconds(-2), $"a clock that goes on from {clock:O}", $"{after:O}");
    }
}

using Invoicing.Registers.Tlk;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;
using Invoicing.Registers.Tlk.Session;
using Invoicing.Sales;

namespace Invoicing.Registers.Tests.Tlk.Session;

/// <summary>TIME, ASK and LEASE: what goes on beside records. TLK/1 §3.9 to §3.11.</summary>
public sealed class UpkeepTests
{
    private const uint Leases = 1;
    private const uint Time = 2;
    private const long Hour = 3_600_000;

    private static readonly DateTimeOffset Noon = new(2026, 7, 1, 12, 0, 0, TimeSpan.FromHours(7));

    /// <summary>The lease of the vectors.</summary>
    internal static LeaseOffer Offer { get; } = new(
        1, 1, "ABCDE", 26, 500, 599, "C26MAA", 500, 599, DateTimeOffset.FromUnixTimeMilliseconds(0x019F_21D7_8400).ToOffset(TimeSpan.FromHours(7)));

    [Fact]
    public void TIME_goes_out_after_WELCOME_and_every_six_hours_with_a_clock_read_then()
    {
        var bench = SessionBench.Open(caps: Time);
        Read(bench, Noon);
        Assert.Equal(["TIME 12:00:00 txn 1"], bench.Drain());
        bench.Come(Timed(1));
        KeepAlive(bench, 6 * Hour - 1);
        Assert.Empty(bench.Clocks);

        KeepAlive(bench, 1);
        Read(bench, Noon.AddHours(6));

        Assert.Contains(bench.Drain(), word => word.StartsWith("TIME 18:00:00", StringComparison.Ordinal));
    }

    [Fact]
    public void TIME_without_an_answer_is_never_repeated_but_followed_by_new_ones_and_then_given_up()
    {
        var bench = SessionBench.Open(caps: Time);
        List<string> sent = [];
        for (int i = 0; i < 10; i++)
        {
            if (bench.Clocks.Count > 0)
            {
                Read(bench, Noon.AddSeconds(2 * i));
            }

            sent.AddRange(bench.Drain().Where(word => word.StartsWith("TIME", StringComparison.Ordinal)));
            bench.Wait(2000);
        }

        Assert.Equal(["TIME 12:00:00 txn 1", "TIME 12:00:02 txn 2", "TIME 12:00:04 txn 3"], sent[..3]);
        Assert.Equal(4, sent.Count);
    }

    [Fact]
    public void A_late_TIMED_never_answers_a_newer_TIME()
    {
        var bench = SessionBench.Open(caps: Time);
        Read(bench, Noon);
        bench.Wait(2000);
        Read(bench, Noon.AddSeconds(2));
        bench.Drain();

        bench.Come(Timed(1));
        Assert.Equal([TlkCounter.Late], bench.DrainCounters());
        Assert.NotNull(bench.State.Time);

        bench.Come(Timed(2));
        Assert.Null(bench.State.Time);
    }

    [Fact]
    public void A_clock_that_is_not_to_be_trusted_sets_no_other_and_is_looked_at_again()
    {
        var bench = SessionBench.Open(caps: Time);
        Read(bench, null);
        Assert.Empty(bench.Drain());

        KeepAlive(bench, 60_000);

        Assert.Single(bench.Clocks);
    }

    [Fact]
    public void A_register_that_takes_no_TIME_and_prints_no_codes_is_sent_neither()
    {
        var bench = SessionBench.Open(newest: 5);
        KeepAlive(bench, 7 * Hour);
        Assert.Empty(bench.Clocks);
        Assert.Empty(bench.Offers);
    }

    [Fact]
    public void A_register_that_says_nothing_of_itself_is_asked_after_five_minutes_and_at_once_when_a_person_asks()
    {
        var bench = SessionBench.Open();
        bench.Take(new TlkInput.AskNow());
        bench.Take(new TlkInput.AskNow());
        Assert.Equal(["ASK txn 1"], bench.Drain());
        bench.Come(Status(1, faults: 1 | 32, used: 90));

        Assert.Equal((90, TlkPaper.Low, TlkFaults.Printer | TlkFaults.JournalFull, 7L), (bench.State.Report!.JournalUsedPercent, bench.State.Report.Paper, bench.State.Report.Faults, bench.State.Report.Unacknowledged));
        Assert.Equal([TlkEvent.RegisterFault], bench.Told());
        bench.Drain();
        Assert.DoesNotContain(KeepAlive(bench, 299_999), word => word.StartsWith("ASK", StringComparison.Ordinal));
        Assert.Contains(KeepAlive(bench, 1), word => word.StartsWith("ASK", StringComparison.Ordinal));
    }

    [Fact]
    public void ASK_is_repeated_as_it_is_a_few_times_and_an_ERROR_ends_it()
    {
        var bench = SessionBench.Open();
        bench.Take(new TlkInput.AskNow());
        bench.Drain();

        Assert.Equal([(500L, "ASK txn 1"), (1500L, "ASK txn 1"), (3500L, "ASK txn 1")], bench.Wait(4000));
        bench.Come(Error(1, TlkType.Ask, txn: 1));

        Assert.Null(bench.State.Ask);
    }

    [Fact]
    public void A_STATUS_that_answers_an_older_ASK_is_late()
    {
        var bench = SessionBench.Open();
        bench.Take(new TlkInput.AskNow());
        bench.Come(Status(txn: 9));
        Assert.Equal([TlkCounter.Late], bench.DrainCounters());
        Assert.Null(bench.State.Report);
    }

    [Fact]
    public void A_lease_is_offered_when_all_that_the_register_had_is_here_and_its_answer_goes_to_the_recorder()
    {
        var bench = SessionBench.Open(newest: 6, caps: Leases);
        Assert.Empty(bench.Offers);
        bench.Come(SessionBench.Rec(6));
        Assert.Empty(bench.Offers);

        bench.Finish(SessionBench.Issued(106));
        Assert.Equal((SessionBench.Serial, SessionBench.Epoch), (Assert.Single(bench.Offers).Register.Value, bench.Offers[0].Epoch));
        bench.Drain();
        bench.Take(new TlkInput.LeaseOffered(bench.Offers[0].Session, Offer));

        TlkFrame lease = Assert.Single(bench.DrainFrames());
        Assert.Equal(Vectors.Named("frames", "LEASE").Text("payload"), Convert.ToHexString(lease.Payload.Span));
        bench.Come(Leased(lease.Txn, 2, 6));
        Assert.Equal([TlkCounter.Late], bench.DrainCounters());
        bench.Come(Leased(lease.Txn, 1, 6));
        Assert.Equal((1ul, 6ul), (Assert.Single(bench.LeaseAnswers).Lease, bench.LeaseAnswers[0].Newest));
        Assert.Equal(1ul, bench.State.TakenLease);
    }

    [Fact]
    public void A_refused_lease_is_told_as_refused()
    {
        SessionBench bench = Offered();
        bench.Come(Leased(1, 1, newest: null));
        Assert.Null(Assert.Single(bench.LeaseAnswers).Newest);
        Assert.Equal(0ul, bench.State.TakenLease);
    }

    [Fact]
    public void LEASE_is_repeated_as_it_is_and_a_minute_later_it_is_looked_again_what_is_due()
    {
        SessionBench bench = Offered();
        Assert.Equal([(500L, "LEASE 1 txn 1"), (1500L, "LEASE 1 txn 1"), (3500L, "LEASE 1 txn 1")], bench.Wait(4999));
        bench.Offers.Clear();
        KeepAlive(bench, 54_000);
        Assert.Empty(bench.Offers);
        KeepAlive(bench, 2_000);
        Assert.Single(bench.Offers);
    }

    [Fact]
    public void An_offer_that_comes_after_the_session_goes_nowhere()
    {
        var bench = SessionBench.Open(newest: 5, caps: Leases);
        bench.Come(SessionBench.Hello(newest: 5, nonce: 2));
        bench.Drain();
        bench.Take(new TlkInput.LeaseOffered(bench.Offers[0].Session, Offer));
        Assert.Empty(bench.Drain());
    }

    [Fact]
    public void A_lease_of_another_kind_of_invoice_says_so()
    {
        TlkFrame lease = GatewayMessages.Lease(4, SessionBench.Epoch, Offer with { Lease = 2, Kind = 2 });
        Assert.Equal(Vectors.Named("frames", "LEASE of a device that issues sales invoices (kind 2)").Text("wire"), Convert.ToHexString(lease.ToWire()));
    }

    private static SessionBench Offered()
    {
        var bench = SessionBench.Open(newest: 5, caps: Leases);
        bench.Drain();
        bench.Take(new TlkInput.LeaseOffered(bench.Offers[0].Session, Offer));
        bench.Drain();
        return bench;
    }

    private static void Read(SessionBench bench, DateTimeOffset? clock)
    {
        bench.Take(new TlkInput.ClockRead(Assert.Single(bench.Clocks).Session, clock));
        bench.Clocks.Clear();
    }

    /// <summary>Lets time pass with a register that is there.</summary>
    /// <returns>What was sent meanwhile.</returns>
    private static List<string> KeepAlive(SessionBench bench, long milliseconds)
    {
        List<string> sent = [];
        for (long left = milliseconds; left > 0; left -= 4000)
        {
            sent.AddRange(bench.Wait(Math.Min(left, 4000)).Select(one => one.What));
            if (left > 4000)
            {
                bench.Come(PingMessage.Write(TlkType.Ping, 1, 1));
            }
        }

        return sent;
    }

    private static TlkFrame Timed(byte txn) =>
        new(TlkType.Timed, TlkFlags.None, txn, new TlvWriter().Time(Tag.Clock, Noon).Time(Tag.TimeBefore, Noon.AddSeconds(3)).ToArray());

    private static TlkFrame Leased(byte txn, ulong lease, ulong? newest)
    {
        TlvWriter payload = new TlvWriter().U64(Tag.Lease, lease).U8(Tag.Present, newest is null ? (byte)0 : (byte)1);
        return new(TlkType.Leased, TlkFlags.None, txn, (newest is { } n ? payload.U64(Tag.Newest, n) : payload).ToArray());
    }

    private static TlkFrame Status(byte txn, uint faults = 0, byte used = 3) =>
        new(TlkType.Status, TlkFlags.None, txn, new TlvWriter().U8(Tag.JournalUsed, used).U32(Tag.Unacknowledged, 7).U8(Tag.Paper, 2)
            .U32(Tag.Faults, faults).Time(Tag.Clock, Noon).U8(Tag.Confidence, 1).ToArray());

    private static TlkFrame Error(byte reason, TlkType about, byte txn) =>
        new(TlkType.Error, TlkFlags.None, txn, new TlvWriter().U8(Tag.Reason, reason).U8(Tag.About, (byte)about).ToArray());
}

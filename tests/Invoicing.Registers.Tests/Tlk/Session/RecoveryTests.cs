using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Session;
using Invoicing.Sales;

namespace Invoicing.Registers.Tests.Tlk.Session;

/// <summary>A gateway that lost what the register knows to be recorded: TLK/1 §9.</summary>
public sealed class RecoveryTests
{
    private static readonly byte[] Issued107 =
        new TlvWriter().U8(2, 1).Text(3, "M1-26-ABCDE-00000000107").Text(4, "C26MAA").U32(5, 107).ToArray();

    [Fact]
    public void What_is_missing_is_asked_for_right_after_WELCOME_and_again_until_HAVE()
    {
        SessionBench bench = Recovering(out List<string> sent);

        Assert.Equal(["WELCOME durable 5 txn 1", "GET 6..9 txn 1"], sent);
        Assert.Equal(
            [(500, "GET 6..9 txn 1"), (1500, "GET 6..9 txn 1"), (3500, "GET 6..9 txn 1")], bench.Wait(4900));
        bench.Come(SessionBench.Have(1, 6, 9, present: true));
        Assert.Empty(bench.Drain());
        Assert.All(bench.Wait(20_000), sent => Assert.StartsWith("PING", sent.What, StringComparison.Ordinal));
    }

    [Fact]
    public void The_pause_between_GETs_grows_to_8_s()
    {
        SessionBench bench = Recovering(out _);
        List<long> at = [];
        for (int i = 0; i < 10; i++)
        {
            at.AddRange(bench.Wait(4000).Where(s => s.What.StartsWith("GET", StringComparison.Ordinal)).Select(s => s.At + (i * 4000)));
            bench.Come(Vectors.Wire("STATUS"));
        }

        Assert.Equal([500, 1500, 3500, 7500, 15_500, 23_500, 31_500, 39_500], at);
    }

    [Fact]
    public void Recovered_records_keep_the_code_that_the_customer_holds()
    {
        SessionBench bench = Recovering(out _);
        bench.Come(SessionBench.Have(1, 6, 9, present: true));
        bench.Come(SessionBench.Rec(6, Vectors.Record(1), Issued107));
        bench.Come(SessionBench.Rec(7, Vectors.Record(0), []));

        Assert.Equal([107, null], bench.Recording.Select(r => r.Content.Recovered?.Number));
        Assert.All(bench.Recording, r => Assert.True(r.Content.IsRecovered));
        bench.Finish(SessionBench.Issued(107));
        bench.Finish(new RecordOutcome.Held("no code came with it"));
        Assert.Equal(["ACK 6: 6 ISSUED 107", "ACK 7: 7 HELD"], bench.Drain());
    }

    [Fact]
    public void What_the_register_no_longer_holds_becomes_a_gap_and_the_rest_is_asked_for_at_once()
    {
        SessionBench bench = Recovering(out _);
        bench.Come(SessionBench.Have(1, 6, 8, present: false));

        Assert.Equal(["GET 9..9 txn 2"], bench.Drain());
        TlkEffect.RecordGap gap = Assert.Single(bench.Gaps);
        Assert.Equal((6ul, 8ul), (gap.First.Sequence, gap.Last));
        bench.Come(SessionBench.Have(2, 9, 9, present: true));
        bench.Come(SessionBench.Rec(9, recovered: Issued107));
        bench.Come(SessionBench.Rec(10));
        Assert.Equal([9ul, 10], bench.Recording.Select(r => r.Content.Key.Sequence));

        bench.Finish(SessionBench.Issued(107));
        Assert.Empty(bench.Drain());
        bench.FinishGap(new RecordOutcome.Recorded());
        Assert.Equal(["ACK 9: 9 ISSUED 107"], bench.Drain());
    }

    [Fact]
    public void A_gap_up_to_the_last_acknowledged_record_ends_the_recovery()
    {
        SessionBench bench = Recovering(out _);
        bench.Come(SessionBench.Have(1, 6, 9, present: false));
        Assert.Empty(bench.Drain());
        bench.FinishGap(new RecordOutcome.Recorded());
        Assert.Empty(bench.Drain());
        Assert.Equal(9ul, bench.State.Durable);

        bench.Come(SessionBench.Rec(10));
        Assert.Equal(10ul, Assert.Single(bench.Recording).Content.Key.Sequence);
    }

    [Fact]
    public void A_run_that_is_through_asks_for_the_next_one()
    {
        SessionBench bench = Recovering(out _);
        bench.Come(SessionBench.Have(1, 6, 7, present: true));
        bench.Come(SessionBench.Rec(6, recovered: []));
        Assert.Empty(bench.Drain());
        bench.Come(SessionBench.Rec(7, recovered: []));
        Assert.Equal(["GET 8..9 txn 2"], bench.Drain());
    }

    [Fact]
    public void Records_that_overtake_a_lost_HAVE_are_taken_and_a_late_HAVE_changes_nothing()
    {
        SessionBench bench = Recovering(out _);
        for (ulong seq = 6; seq <= 9; seq++)
        {
            bench.Come(SessionBench.Rec(seq, recovered: []));
        }

        Assert.Equal(4, bench.Recording.Count);
        bench.Drain();
        bench.Come(SessionBench.Have(1, 6, 9, present: true));
        Assert.Equal([TlkCounter.Late], bench.DrainCounters());
        Assert.DoesNotContain(bench.Wait(4000), s => s.What.StartsWith("GET", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2, 6, 9, true, TlkCounter.Late)]
    [InlineData(1, 7, 9, true, TlkCounter.Late)]
    [InlineData(1, 6, 10, true, TlkCounter.Payload)]
    [InlineData(1, 6, 10, false, TlkCounter.Payload)]
    public void A_HAVE_that_does_not_answer_the_GET_is_not_taken(byte txn, ulong from, ulong to, bool present, object counter)
    {
        SessionBench bench = Recovering(out _);
        bench.Come(SessionBench.Have(txn, from, to, present));

        Assert.Equal([(TlkCounter)counter], bench.DrainCounters());
        Assert.Empty(bench.Gaps);
        Assert.NotNull(bench.State.Get);
    }

    [Fact]
    public void A_record_beyond_what_is_being_recovered_is_dropped_without_a_word()
    {
        SessionBench bench = Recovering(out _);
        bench.Come(SessionBench.Rec(10));
        bench.Come(SessionBench.Rec(7, recovered: []));

        Assert.Equal([TlkCounter.Gap, TlkCounter.Gap], bench.DrainCounters());
        Assert.Empty(bench.Drain());
        Assert.Empty(bench.Recording);
    }

    [Fact]
    public void A_gap_that_cannot_be_recorded_now_is_asked_about_again_after_a_while_and_not_in_a_circle()
    {
        SessionBench bench = Recovering(out _);
        bench.Come(SessionBench.Have(1, 6, 9, present: false));
        bench.FinishGap(new RecordOutcome.NotNow("no key"));
        Assert.Equal(["BUSY seq 6 2000"], bench.Drain());

        Assert.Equal([(2000, "GET 6..9 txn 2")], bench.Wait(2000));
        bench.Come(SessionBench.Have(2, 6, 9, present: false));
        bench.FinishGap(new RecordOutcome.Recorded());
        Assert.Empty(bench.Drain());
        Assert.Equal(9ul, bench.State.Durable);
    }

    [Fact]
    public void A_cut_in_the_middle_begins_again_with_what_is_still_missing()
    {
        SessionBench bench = Recovering(out _);
        bench.Come(SessionBench.Have(1, 6, 9, present: true));
        bench.Come(SessionBench.Rec(6, recovered: []));
        bench.Finish(SessionBench.Issued(106));
        bench.Take(new TlkInput.LineGone());
        bench.Take(new TlkInput.LineUp());
        bench.Drain();

        bench.Come(SessionBench.Hello(newest: 20, acked: 9, nonce: 2));
        bench.Stand(new RegisterStanding.Open(6));
        Assert.Equal(["WELCOME durable 6 txn 1", "GET 7..9 txn 2"], bench.Drain());
    }

    [Fact]
    public void A_register_without_results_for_what_is_durable_sends_it_and_gets_the_first_results()
    {
        var bench = SessionBench.Open(durable: 8, acked: 5);
        bench.Come(SessionBench.Rec(6));
        bench.Come(SessionBench.Rec(7));
        bench.Finish(SessionBench.Issued(106));
        bench.Finish(SessionBench.Issued(107));

        Assert.Equal(["ACK 8: 6 ISSUED 106", "ACK 8: 7 ISSUED 107"], bench.Drain());
        Assert.Equal(9ul, bench.State.Expected);
    }

    private static SessionBench Recovering(out List<string> sent)
    {
        SessionBench bench = new();
        bench.Take(new TlkInput.LineUp());
        bench.Drain();
        bench.Come(SessionBench.Hello(newest: 20, acked: 9));
        bench.Stand(new RegisterStanding.Open(5));
        sent = bench.Drain();
        return bench;
    }
}

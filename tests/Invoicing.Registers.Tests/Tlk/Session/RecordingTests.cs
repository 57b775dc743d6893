using Invoicing.Registers.Tlk;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Session;
using Invoicing.Sales;

namespace Invoicing.Registers.Tests.Tlk.Session;

/// <summary>REC and its answers, row by row of TLK/1 §7.</summary>
public sealed class RecordingTests
{
    private static readonly byte[] Other = Vectors.Record(1);

    [Fact]
    public void A_record_is_acknowledged_only_after_the_recorder_said_that_it_is_durable()
    {
        var bench = SessionBench.Open();

        bench.Come(SessionBench.Rec(6));
        Assert.Empty(bench.Drain());

        bench.Finish(SessionBench.Issued(106));
        Assert.Equal(["ACK 6: 6 ISSUED 106"], bench.Drain());
    }

    [Fact]
    public void Records_under_way_are_handed_on_in_order_and_answered_in_order_whatever_is_ready_first()
    {
        var bench = SessionBench.Open();
        bench.Come(SessionBench.Rec(6));
        bench.Come(SessionBench.Rec(7, Other));
        bench.Come(SessionBench.Rec(8));
        Assert.Equal([6ul, 7, 8], bench.Recording.Select(r => r.Content.Key.Sequence));

        bench.Take(new TlkInput.Done(bench.Recording[2].Ticket, new RecordOutcome.Recorded()));
        bench.Take(new TlkInput.Done(bench.Recording[1].Ticket, new RecordOutcome.Held("sums")));
        Assert.Empty(bench.Drain());

        bench.Finish(SessionBench.Issued(106));
        Assert.Equal(["ACK 8: 6 ISSUED 106 7 HELD 8 RECORDED"], bench.Drain());
    }

    [Fact]
    public void Results_that_do_not_fit_into_one_ACK_go_into_the_next()
    {
        SessionBench bench = new(new() { MaxBody = 512 });
        bench.Take(new TlkInput.LineUp());
        bench.Come(SessionBench.Hello(newest: 1000, acked: 0));
        bench.Stand(new RegisterStanding.Open(0));
        bench.Drain();
        const int Records = 8;
        for (ulong seq = 1; seq <= Records; seq++)
        {
            bench.Come(SessionBench.Rec(seq));
        }

        string longest = new('x', 500);
        for (int i = Records - 1; i >= 0; i--)
        {
            bench.Take(new TlkInput.Done(bench.Recording[i].Ticket, new RecordOutcome.Issued(new("M1-26-ABCDE-00000000001", "C26MAA", i + 1), longest)));
        }

        List<TlkFrame> acks = bench.DrainFrames();
        Assert.Equal(Records, acks.Count);
        Assert.All(acks, ack => Assert.InRange(ack.Payload.Length + TlkFrame.Overhead, 1, 512));
        Assert.Equal(Enumerable.Range(1, Records).Select(i => $"ACK 8: {i} ISSUED {i}"), acks.Select(SessionBench.Words));
    }

    [Fact]
    public void A_repeated_record_gets_the_first_result_again()
    {
        var bench = SessionBench.Open();
        bench.Come(SessionBench.Rec(6));
        bench.Finish(SessionBench.Issued(106));
        bench.Drain();

        bench.Come(SessionBench.Rec(6));
        Assert.Equal(6ul, Assert.Single(bench.Recording).Content.Key.Sequence);
        bench.Finish(SessionBench.Issued(106));

        Assert.Equal(["ACK 6: 6 ISSUED 106"], bench.Drain());
        Assert.Equal(7ul, bench.State.Expected);
    }

    [Fact]
    public void A_repeated_record_that_is_not_committed_yet_is_not_handed_on_twice()
    {
        var bench = SessionBench.Open();
        bench.Come(SessionBench.Rec(6));
        bench.Come(SessionBench.Rec(6));
        bench.Come(SessionBench.Rec(6));

        Assert.Single(bench.Recording);
        bench.Finish(SessionBench.Issued(106));
        Assert.Equal(["ACK 6: 6 ISSUED 106"], bench.Drain());
    }

    [Fact]
    public void Same_sequence_with_other_content_stops_the_line()
    {
        var bench = SessionBench.Open();
        bench.Come(SessionBench.Rec(6));
        bench.Finish(SessionBench.Issued(106));
        bench.Drain();

        bench.Come(SessionBench.Rec(6, Other));
        bench.Finish(new RecordOutcome.Conflict(SessionBench.AnyHash));

        Assert.Contains(TlkEvent.Conflict, bench.Told());
        Assert.Equal(["NAK 2 seq 6"], bench.Drain());
        Assert.Equal(TlkPhase.Stopped, bench.State.Phase);

        bench.Come(SessionBench.Rec(7));
        bench.Come(SessionBench.Rec(6));
        Assert.Equal(["NAK 2 seq 6", "NAK 2 seq 6"], bench.Drain());
        Assert.Empty(bench.Recording);
    }

    [Fact]
    public void Other_content_while_the_first_is_under_way_goes_to_the_recorder_too()
    {
        var bench = SessionBench.Open();
        bench.Come(SessionBench.Rec(6));
        bench.Come(SessionBench.Rec(6, Other));

        Assert.Equal(2, bench.Recording.Count);
        bench.Finish(SessionBench.Issued(106));
        bench.Finish(new RecordOutcome.Conflict(SessionBench.AnyHash));
        Assert.Equal(["ACK 6: 6 ISSUED 106", "NAK 2 seq 6"], bench.Drain());
    }

    [Fact]
    public void What_was_accepted_after_a_conflict_is_not_answered()
    {
        var bench = SessionBench.Open();
        bench.Come(SessionBench.Rec(6));
        bench.Come(SessionBench.Rec(7));
        bench.Finish(new RecordOutcome.Conflict(SessionBench.AnyHash));
        bench.Drain();

        bench.Finish(SessionBench.Issued(107));
        Assert.Empty(bench.Drain());
        Assert.Equal(0, bench.State.InRecorder);
    }

    [Fact]
    public void A_gap_is_named_once_and_again_only_after_half_a_second()
    {
        var bench = SessionBench.Open();
        bench.Come(SessionBench.Rec(8));
        bench.Come(SessionBench.Rec(9));
        Assert.Equal(["NAK 1 seq 8 expected 6"], bench.Drain());

        bench.Wait(499);
        bench.Come(SessionBench.Rec(8));
        Assert.Empty(bench.Drain());
        bench.Wait(1);
        bench.Come(SessionBench.Rec(9));
        Assert.Equal(["NAK 1 seq 9 expected 6"], bench.Drain());

        bench.Come(SessionBench.Rec(6));
        bench.Come(SessionBench.Rec(8));
        Assert.Equal(["NAK 1 seq 8 expected 7"], bench.Drain());
    }

    [Fact]
    public void BUSY_comes_200_ms_after_a_record_and_then_every_second_until_it_is_committed()
    {
        var bench = SessionBench.Open();
        bench.Come(SessionBench.Rec(6));

        Assert.Equal(
            [(200, "BUSY seq 6 2000"), (1200, "BUSY seq 6 2000"), (2200, "BUSY seq 6 2000"), (3200, "BUSY seq 6 2000")], bench.Wait(4199));
        bench.Finish(SessionBench.Issued(106));
        Assert.Equal(["ACK 6: 6 ISSUED 106"], bench.Drain());
        Assert.Empty(bench.Wait(700));
    }

    [Fact]
    public void A_commit_within_200_ms_needs_no_BUSY()
    {
        var bench = SessionBench.Open();
        bench.Come(SessionBench.Rec(6));
        Assert.Empty(bench.Wait(199));
        bench.Finish(SessionBench.Issued(106));
        bench.Drain();
        Assert.Empty(bench.Wait(1000));
    }

    [Fact]
    public void BUSY_never_comes_twice_within_a_second_however_many_records_wait()
    {
        var bench = SessionBench.Open();
        List<(long At, string What)> sent = [];
        for (ulong seq = 6; seq < 14; seq++)
        {
            bench.Come(SessionBench.Rec(seq));
            sent.AddRange(bench.Wait(300).Select(s => (s.At + (long)((seq - 6) * 300), s.What)));
            bench.Finish(SessionBench.Issued((int)seq));
            bench.Drain();
        }

        Assert.NotEmpty(sent);
        Assert.All(sent.Zip(sent.Skip(1)), pair => Assert.True(pair.Second.At - pair.First.At >= 1000, $"{pair}"));
    }

    [Fact]
    public void What_cannot_be_recorded_now_makes_BUSY_and_the_line_goes_back_to_it()
    {
        var bench = SessionBench.Open();
        bench.Come(SessionBench.Rec(6));
        bench.Come(SessionBench.Rec(7, Other));
        bench.Finish(new RecordOutcome.NotNow("the clock is not plausible"));
        Assert.Equal(["BUSY seq 6 2000"], bench.Drain());
        bench.Finish(new RecordOutcome.Gap(6));
        Assert.Empty(bench.Drain());
        Assert.Equal(6ul, bench.State.Expected);

        bench.Come(SessionBench.Rec(6));
        bench.Come(SessionBench.Rec(7, Other));
        bench.Finish(SessionBench.Issued(106));
        bench.Finish(SessionBench.Issued(107));
        Assert.Equal(["ACK 6: 6 ISSUED 106", "ACK 7: 7 ISSUED 107"], bench.Drain());
    }

    [Fact]
    public void A_recorder_that_misses_the_record_before_sends_the_register_back()
    {
        var bench = SessionBench.Open(durable: 8, acked: 5);
        bench.Come(SessionBench.Rec(9));
        bench.Finish(new RecordOutcome.Gap(7));

        Assert.Equal(["NAK 1 seq 9 expected 7"], bench.Drain());
        bench.Come(SessionBench.Rec(7));
        Assert.Equal(7ul, Assert.Single(bench.Recording).Content.Key.Sequence);
    }

    [Fact]
    public void A_record_that_had_its_result_is_not_taken_without_being_asked_for()
    {
        var bench = SessionBench.Open(durable: 5, acked: 7);
        bench.Come(SessionBench.Rec(6));

        Assert.Equal(["NAK 3 seq 6"], bench.Drain());
        Assert.Empty(bench.Recording);
    }

    [Fact]
    public void Content_that_cannot_be_read_is_recorded_and_does_not_block_the_next()
    {
        var bench = SessionBench.Open();
        bench.Come(SessionBench.Rec(6, [0xFF, 0xFF]));
        bench.Come(SessionBench.Rec(7));

        Assert.Equal([true, false], bench.Recording.Select(r => r.Content.Unreadable is not null));
        bench.Finish(new RecordOutcome.Held("unreadable"));
        bench.Finish(SessionBench.Issued(107));
        Assert.Equal(["ACK 6: 6 HELD", "ACK 7: 7 ISSUED 107"], bench.Drain());
    }

    [Fact]
    public void A_record_that_the_register_lost_becomes_a_gap_of_one()
    {
        var bench = SessionBench.Open();
        bench.Come(SessionBench.Rec(6, Vectors.Record(9)));

        TlkEffect.RecordGap gap = Assert.Single(bench.Gaps);
        Assert.Equal((6ul, 6ul, "flash page 17 does not read"), (gap.First.Sequence, gap.Last, gap.Reason));
        bench.FinishGap(new RecordOutcome.Recorded());
        Assert.Equal(["ACK 6: 6 RECORDED"], bench.Drain());
    }

    [Fact]
    public void More_records_than_two_windows_are_left_for_the_register_to_send_again()
    {
        var bench = SessionBench.Open();
        for (ulong seq = 6; seq < 46; seq++)
        {
            bench.Come(SessionBench.Rec(seq));
        }

        Assert.Equal(32, bench.Recording.Count);
        Assert.Equal(38ul, bench.State.Expected);
    }

    [Fact]
    public void Sequences_near_the_end_of_their_range_do_no_harm()
    {
        var bench = SessionBench.Open();
        bench.Come(SessionBench.Rec(ulong.MaxValue));
        Assert.Equal([$"NAK 1 seq {ulong.MaxValue} expected 6"], bench.Drain());

        bench.Come(SessionBench.Hello(newest: ulong.MaxValue, nonce: 2));
        Assert.Equal(["NAK 3 txn 1"], bench.Drain());
        Assert.Equal(TlkPhase.Open, bench.State.Phase);

        bench.Come(SessionBench.Hello(newest: ulong.MaxValue - 1, acked: 3, nonce: 3));
        bench.Stand(new RegisterStanding.Open(ulong.MaxValue - 2));
        bench.Drain();
        bench.Come(SessionBench.Rec(ulong.MaxValue - 1));
        bench.Finish(SessionBench.Issued(1));
        Assert.Equal([$"ACK {ulong.MaxValue - 1}: {ulong.MaxValue - 1} ISSUED 1"], bench.Drain());
    }
}

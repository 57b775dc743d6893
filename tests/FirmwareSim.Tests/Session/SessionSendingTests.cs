using FirmwareSim.Bytes;
using FirmwareSim.Messages;
using FirmwareSim.Records;

namespace FirmwareSim.Tests.Session;

/// <summary>The state table of TLK/1 §11, row by row: records, results and refusals.</summary>
public sealed class SessionSendingTests
{
    private readonly SessionBench _bench = new();

    [Fact]
    public void An_unanswered_record_is_sent_again_with_doubling_pauses_and_at_500_ms_after_news()
    {
        _bench.InSession(newest: 2);
        List<long> times = [];
        long start = _bench.Now;
        while (_bench.Now < start + 4_600)
        {
            if (_bench.After(50).Done().StartsWith("REC1 REC2", StringComparison.Ordinal))
            {
                times.Add(_bench.Now - start);
            }
        }

        Assert.Equal([500, 1500, 3500], times);
        // The oldest is now 2, handed at 3,500, and the pause is 500 ms again: it is over.
        Assert.Equal("store1 REC2", _bench.Ack((1, SessionBench.Issued(1))).Done());
    }

    [Fact]
    public void The_timer_runs_from_when_the_record_was_handed_to_the_line()
    {
        _bench.Hands = false;
        _bench.InSession(newest: 1);
        Assert.DoesNotContain("REC", _bench.After(4_900).Done(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_answer_of_the_oldest_is_not_starved_by_answers_of_the_others()
    {
        _bench.InSession(newest: 100, window: 2);
        long start = _bench.Now;
        ulong next = 2;
        while (_bench.Now < start + 600)
        {
            _bench.Done();
            _bench.Ack((next, SessionBench.Issued((uint)next)));
            next++;
            _bench.After(20);
            if (_bench.Done().Contains("REC1 ", StringComparison.Ordinal))
            {
                Assert.InRange(_bench.Now - start, 480, 540);
                return;
            }
        }

        Assert.Fail("record 1 was never sent again");
    }

    [Fact]
    public void Busy_holds_the_resend_and_starts_its_timer_anew()
    {
        _bench.InSession(newest: 1).After(400).Busy(2000).Done();
        Assert.Equal("", _bench.After(2499).Done());
        Assert.Equal("REC1", _bench.After(1).Done());
    }

    [Fact]
    public void A_gap_sends_again_from_the_expected_one()
    {
        _bench.InSession(newest: 4);
        Assert.Equal("REC3 REC4", _bench.Nak(NakReason.Gap, expected: 3).Done());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void A_gap_that_cannot_be_filled_greets_anew(ulong expected)
    {
        _bench.InSession(acked: 2, newest: 4);
        Assert.Equal("HELLO", _bench.Nak(NakReason.Gap, expected: expected).Done());
    }

    [Theory]
    [InlineData(3, 60_000)]
    [InlineData(5, 8_000)]
    [InlineData(77, 8_000)]
    public void A_refused_record_is_kept_and_tried_again_after_the_wait(byte reason, long wait)
    {
        _bench.InSession(newest: 2).Nak((NakReason)reason).Done();
        string until = "";
        for (long waited = 0; waited < wait - 1000; waited += 1000)
        {
            // The gateway is heard, so that no PING is due.
            until += _bench.After(1000).Receive(FrameType.GatewayError, 0, w => w.U8(Tag.Reason, 4).U8(Tag.About, 2)).Done();
        }

        Assert.Equal("", until);
        Assert.Equal("REC1 REC2", _bench.After(1000).Done());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    public void A_record_refused_for_good_stops(byte reason)
    {
        _bench.InSession(newest: 2);
        Assert.Equal("stop STATUS", _bench.Nak((NakReason)reason).Done());
        Assert.DoesNotContain("REC", _bench.After(30_000).Done(), StringComparison.Ordinal);
    }

    [Fact]
    public void Results_for_records_accepted_before_the_stop_are_still_kept()
    {
        _bench.InSession(newest: 2).Nak(NakReason.Conflict).Done();
        Assert.Equal("store1", _bench.Ack((1, SessionBench.Issued(1))).Done());
    }

    [Fact]
    public void The_same_result_again_is_ignored_issued_replaces_held_and_anything_else_is_an_error()
    {
        _bench.InSession(newest: 1);
        Assert.Equal("store1", _bench.Ack((1, RecordResult.Held(255, "chờ"))).Done());
        Assert.Equal("", _bench.Ack((1, RecordResult.Held(255, "chờ"))).Done());
        Assert.Equal("store1", _bench.Ack((1, SessionBench.Issued(1))).Done());
        Assert.Equal("", _bench.Ack((1, SessionBench.Issued(1))).Done());
        Assert.Equal("ERROR", _bench.Ack((1, SessionBench.Issued(2))).Done());
        Assert.Equal(SessionBench.Issued(1), _bench.Shelf[1]);
    }

    [Fact]
    public void At_most_one_error_a_second()
    {
        _bench.InSession(acked: 1, newest: 1).Ack((1, SessionBench.Issued(2))).Done();
        Assert.Equal("", _bench.After(999).Ack((1, SessionBench.Issued(2))).Done());
        Assert.Equal("ERROR", _bench.After(1).Ack((1, SessionBench.Issued(2))).Done());
    }

    [Fact]
    public void A_result_for_a_record_that_is_no_longer_held_or_never_was_is_ignored()
    {
        _bench.Shelf.Oldest = 5;
        _bench.Shelf.Newest = 7;
        _bench.Up().Welcome(4).Done();
        Assert.Equal("", _bench.Ack((2, SessionBench.Issued(2))).Done());
        Assert.Equal("drop:late", _bench.Ack((8, SessionBench.Issued(8))).Done());
    }
}

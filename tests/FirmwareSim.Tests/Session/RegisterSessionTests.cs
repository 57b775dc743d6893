using FirmwareSim.Bytes;
using FirmwareSim.Messages;
using FirmwareSim.Records;
using FirmwareSim.Session;

namespace FirmwareSim.Tests.Session;

/// <summary>The state table of TLK/1 §11 and the rules behind it, row by row.</summary>
public sealed class RegisterSessionTests
{
    private readonly SessionBench _bench = new();

    [Fact]
    public void Line_up_says_hello_and_repeats_it_byte_for_byte_with_doubling_pauses_up_to_8_s()
    {
        _bench.Up();
        byte[] hello = _bench.Wires[0];
        List<long> times = [];
        long start = _bench.Now;
        while (_bench.Now < start + 40_000)
        {
            _bench.Done();
            _bench.After(100);
            if (_bench.Wires.Count > 0)
            {
                Assert.Equal(hello, _bench.Wires[0]);
                times.Add(_bench.Now - start);
            }
        }

        Assert.Equal([500, 1500, 3500, 7500, 15500, 23500, 31500, 39500], times);
        Assert.Equal(Phase.Greeting, _bench.State.Phase);
    }

    [Fact]
    public void A_welcome_brings_status_and_the_records_after_acked_as_the_window_allows()
    {
        _bench.Shelf.Newest = 9;
        _bench.AckedUpTo(2).Up().Done();

        _bench.Welcome(5, window: 4);

        Assert.Equal("STATUS REC3 REC4 REC5 REC6", _bench.Done());
        Assert.Equal(Phase.Sending, _bench.State.Phase);
        _bench.Ack((3, SessionBench.Issued(3)), (4, SessionBench.Issued(4)));
        Assert.Equal("store3 store4 REC7 REC8", _bench.Done());
    }

    [Theory]
    [InlineData("txn")]
    [InlineData("nonce")]
    [InlineData("epoch")]
    public void A_welcome_to_something_else_is_late(string other)
    {
        _bench.Up().Done();

        _bench.Welcome(
            0,
            txn: other == "txn" ? (byte)77 : null,
            nonce: other == "nonce" ? new byte[16] : null,
            epoch: other == "epoch" ? 5UL : null);

        Assert.Equal("drop:late", _bench.Done());
        Assert.Equal(Phase.Greeting, _bench.State.Phase);
    }

    [Fact]
    public void A_second_welcome_is_late()
    {
        _bench.Up();
        (byte txn, byte[] nonce) = (_bench.State.Greeting!.Txn, _bench.State.Greeting.Nonce);
        _bench.Welcome(0).Done();
        _bench.Welcome(0, txn: txn, nonce: nonce);
        Assert.Equal("drop:late", _bench.Done());
    }

    [Fact]
    public void Busy_to_hello_repeats_the_same_hello_after_the_wait()
    {
        _bench.Up();
        byte[] hello = _bench.Wires[0];
        _bench.Busy(2000, _bench.State.Greeting!.Txn).Done();

        Assert.Equal("", _bench.After(1999).Done());
        _bench.After(1);
        Assert.Equal(hello, Assert.Single(_bench.Wires));
        _bench.Done();
        Assert.Equal("HELLO", _bench.After(500).Done());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    public void A_refusal_for_good_stops_and_greets_once_a_minute_until_welcomed(byte reason)
    {
        _bench.Shelf.Newest = 1;
        _bench.Up().Nak((NakReason)reason, _bench.State.Greeting!.Txn);
        Assert.Equal("HELLO stop", _bench.Done());
        Assert.Equal(Phase.Stopped, _bench.State.Phase);

        Assert.DoesNotContain("HELLO", _bench.After(59_999).Done(), StringComparison.Ordinal);
        Assert.Contains("HELLO", _bench.After(1).Done(), StringComparison.Ordinal);
        _bench.Nak((NakReason)reason, _bench.State.Greeting!.Txn);
        Assert.Equal("", _bench.Done());
        Assert.Contains("HELLO", _bench.After(60_000).Done(), StringComparison.Ordinal);
        _bench.Welcome(0);
        Assert.Equal("release STATUS REC1", _bench.Done());
        Assert.Null(_bench.State.StopReason);
    }

    [Fact]
    public void A_stop_outlives_the_line()
    {
        _bench.InSession(newest: 1).Nak(NakReason.Conflict);
        Assert.Equal("stop STATUS", _bench.Done());
        _bench.Down().Up();
        Assert.NotNull(_bench.State.StopReason);
    }

    [Fact]
    public void A_gateway_that_knows_more_than_was_ever_written_stops_the_register()
    {
        _bench.Shelf.Newest = 7;
        _bench.Up().Done();
        Assert.Equal("stop", _bench.Welcome(8).Done());
        Assert.Equal(Phase.Stopped, _bench.State.Phase);
    }

    [Theory]
    [InlineData(3, 60_000)]
    [InlineData(5, 8_000)]
    [InlineData(6, 60_000)]
    [InlineData(8, 60_000)]
    [InlineData(200, 8_000)]
    public void Another_refusal_of_hello_brings_a_new_hello_after_the_wait(byte reason, long wait)
    {
        _bench.Up();
        byte[] hello = _bench.Wires[0];
        _bench.Nak((NakReason)reason, _bench.State.Greeting!.Txn).Done();

        Assert.Equal("", _bench.After(wait - 1).Done());
        _bench.After(1);
        Assert.NotEqual(hello, Assert.Single(_bench.Wires));
    }

    [Fact]
    public void Wait_in_the_refusal_counts()
    {
        _bench.Up().Nak(NakReason.Full, _bench.State.Greeting!.Txn, wait: 1234).Done();
        Assert.Equal("", _bench.After(1233).Done());
        Assert.Equal("HELLO", _bench.After(1).Done());
    }

    [Fact]
    public void A_refusal_of_an_old_hello_is_late()
    {
        _bench.Up().Done();
        Assert.Equal("drop:late", _bench.Nak(NakReason.RegisterBehind, 99).Done());
        Assert.Equal(Phase.Greeting, _bench.State.Phase);
    }

    [Fact]
    public void No_session_in_greeting_repeats_hello_once_and_not_per_record()
    {
        _bench.Up().After(1200).Done();
        Assert.Equal("HELLO", _bench.Nak(NakReason.NoSession).Done());
        Assert.Equal("", _bench.Nak(NakReason.NoSession).Nak(NakReason.NoSession).Done());
    }

    [Fact]
    public void No_session_in_a_session_greets_anew()
    {
        _bench.InSession(newest: 2);
        Assert.Equal("HELLO", _bench.Nak(NakReason.NoSession).Done());
        Assert.Equal(Phase.Greeting, _bench.State.Phase);
    }

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

    [Fact]
    public void Silence_brings_three_pings_with_new_counters_and_then_a_new_hello()
    {
        _bench.InSession();
        Assert.Equal("", _bench.After(4_999).Done());
        Assert.Equal("PING", _bench.After(1).Done());
        Assert.Equal("PING", _bench.After(5_000).Done());
        Assert.Equal("PING", _bench.After(5_000).Done());
        Assert.Equal("", _bench.After(4_999).Done());
        Assert.Equal("HELLO", _bench.After(1).Done());
    }

    [Fact]
    public void A_pong_ends_the_silence_and_another_one_is_late()
    {
        _bench.InSession().After(5_000).Done();
        (byte txn, uint counter) = (_bench.State.PingTxn, _bench.State.PingCounter);
        Assert.Equal("drop:late", _bench.Receive(FrameType.GatewayPong, txn, w => w.U32(Tag.Counter, counter + 1)).Done());
        Assert.Equal("", _bench.Receive(FrameType.GatewayPong, txn, w => w.U32(Tag.Counter, counter)).Done());
        Assert.Equal("drop:late", _bench.Receive(FrameType.GatewayPong, txn, w => w.U32(Tag.Counter, counter)).Done());
        Assert.Equal("PING", _bench.After(5_000).Done());
        Assert.NotEqual(txn, _bench.State.PingTxn);
    }

    [Fact]
    public void Requests_are_answered_and_the_same_bytes_again_get_the_same_bytes()
    {
        _bench.InSession(newest: 1, acked: 1);
        _bench.Receive(FrameType.Ask, 5, _ => { });
        byte[] status = Assert.Single(_bench.Wires);
        _bench.Shelf.UsedPercent = 49;
        Assert.Equal("STATUS", _bench.Done());
        _bench.Receive(FrameType.Ask, 5, _ => { });
        Assert.Equal(status, Assert.Single(_bench.Wires));
        _bench.Done();
        _bench.Receive(FrameType.Ask, 6, _ => { });
        Assert.NotEqual(status, Assert.Single(_bench.Wires));
        _bench.Done();
        Assert.Equal("PONG", _bench.Receive(FrameType.GatewayPing, 7, w => w.U32(Tag.Counter, 9)).Done());
    }

    [Fact]
    public void A_lease_is_refused_and_time_is_not_possible_because_caps_say_so()
    {
        _bench.InSession();
        Assert.Equal("LEASED", _bench.Receive(FrameType.Lease, 3, w => w.U64(Tag.Epoch, _bench.Shelf.Epoch)
            .U64(Tag.Lease, 1).Text(Tag.LeaseBlock, "ABCDE").U8(Tag.LeaseYear, 26).U64(Tag.LeaseFirstCode, 1).U64(Tag.LeaseLastCode, 2)
            .Text(Tag.LeaseSeries, "C26MAA").U32(Tag.LeaseFirstNumber, 1).U32(Tag.LeaseLastNumber, 2).Time(Tag.LeaseUntil, DateTimeOffset.UnixEpoch)).Done());
        Assert.Equal("ERROR", _bench.Receive(FrameType.Time, 4, w => w.Time(Tag.Clock, DateTimeOffset.UnixEpoch)).Done());
    }

    [Fact]
    public void Unknown_types_are_dropped_and_answered_only_if_they_must_be_understood()
    {
        _bench.InSession();
        Assert.Equal("drop:type", _bench.Receive((FrameType)0xC0, 7, _ => { }).Done());
        Assert.Equal("drop:type ERROR", _bench.Receive((FrameType)0xC0, 7, _ => { }, FrameFlags.MustUnderstand).Done());
    }

    [Fact]
    public void Malformed_and_sealed_frames_are_dropped_and_errors_never_answered()
    {
        _bench.InSession();
        Assert.Equal("drop:payload ERROR", _bench.Receive(FrameType.GatewayPing, 7, _ => { }).Done());
        Assert.Equal("drop:payload", _bench.After(2000).Receive(FrameType.GatewayError, 7, _ => { }).Done());
        Assert.Equal("drop:seal", _bench.Receive(FrameType.GatewayPing, 7, w => w.U32(Tag.Counter, 1), FrameFlags.Sealed).Done());
    }

    [Fact]
    public void A_gateway_behind_gets_nothing_before_it_asks_and_then_what_it_asks_for_with_the_results_held()
    {
        _bench.Shelf.Newest = 8;
        _bench.AckedUpTo(6).Up().Done();

        Assert.Equal("STATUS", _bench.Welcome(2, window: 2).Done());
        Assert.Equal(Phase.Recovering, _bench.State.Phase);
        Assert.Equal("HAVE REC3held REC4held", _bench.Get(3, 6).Done());
        Assert.Equal("REC5held", _bench.Ack((3, SessionBench.Issued(3))).Done());
        Assert.Equal("REC6held", _bench.Ack((4, SessionBench.Issued(4))).Done());
        Assert.Equal("", _bench.Ack((5, SessionBench.Issued(5))).Done());
        Assert.Equal(Phase.Recovering, _bench.State.Phase);
        Assert.Equal("REC7 REC8", _bench.Ack((6, SessionBench.Issued(6))).Done());
        Assert.Equal(Phase.Sending, _bench.State.Phase);
    }

    [Fact]
    public void What_is_not_held_any_more_is_said_to_be_absent_and_the_rest_is_sent_on_the_next_get()
    {
        _bench.Shelf.Newest = 6;
        _bench.AckedUpTo(6);
        _bench.Shelf.Lost.UnionWith([3, 4]);
        _bench.Up().Welcome(2).Done();

        _bench.Get(3, 6, txn: 1);
        Assert.Equal(Convert.ToHexString(RegisterMessages.Have(_bench.Shelf.Epoch, 3, 4, present: false)), Payload(_bench.Wires[0]));
        Assert.Equal("HAVE", _bench.Done());
        Assert.Equal("HAVE REC5held REC6held", _bench.Get(5, 6, txn: 2).Done());
        _bench.Ack((5, SessionBench.Issued(5)), (6, SessionBench.Issued(6)));
        Assert.Equal(Phase.Sending, _bench.State.Phase);
    }

    [Fact]
    public void Nothing_held_at_all_ends_recovery_with_the_last_absence()
    {
        _bench.Shelf.Newest = 7;
        _bench.AckedUpTo(6);
        _bench.Shelf.Lost.UnionWith([1, 2, 3, 4, 5, 6]);
        _bench.Up().Welcome(0).Done();
        Assert.Equal("HAVE REC7", _bench.Get(1, 6).Done());
    }

    [Fact]
    public void A_repeated_get_gets_the_same_have_and_nothing_twice()
    {
        _bench.Shelf.Newest = 6;
        _bench.AckedUpTo(6).Up().Welcome(2).Get(3, 6);
        Assert.EndsWith("HAVE REC3held REC4held REC5held REC6held", _bench.Done(), StringComparison.Ordinal);
        Assert.Equal("HAVE", _bench.Get(3, 6).Done());
    }

    [Fact]
    public void Recovered_records_are_sent_again_until_answered()
    {
        _bench.Shelf.Newest = 3;
        _bench.AckedUpTo(3).Up().Welcome(2).Get(3, 3).Done();
        Assert.Equal("REC3held", _bench.After(500).Done());
        Assert.Equal("REC3held", _bench.After(1000).Done());
    }

    [Fact]
    public void An_audit_of_a_live_record_sends_it_with_an_empty_result()
    {
        _bench.InSession(acked: 2, newest: 3);
        Assert.Equal("HAVE REC2held REC3empty", _bench.Get(2, 3).Done());
        Assert.Equal("store3", _bench.Ack((2, SessionBench.Issued(2)), (3, SessionBench.Issued(3))).Done());
        Assert.Empty(_bench.State.UnderWay);
    }

    [Fact]
    public void New_records_go_between_those_of_an_audit()
    {
        _bench.InSession(acked: 6, newest: 6, window: 2).Get(1, 6).Done();
        _bench.Shelf.Newest = 7;
        Assert.Equal("REC7", _bench.Ack((1, SessionBench.Issued(1))).Done());
        Assert.Equal("REC3held", _bench.Ack((2, SessionBench.Issued(2))).Done());
    }

    [Theory]
    [InlineData(0UL, 8UL)]
    [InlineData(5UL, 7UL)]
    public void A_get_beyond_the_newest_or_of_another_epoch_is_not_possible(ulong epoch, ulong to)
    {
        _bench.InSession(acked: 7, newest: 7);
        Assert.Equal("ERROR", _bench.Get(1, to, epoch: epoch == 0 ? null : epoch).Done());
    }

    [Fact]
    public void Status_tells_a_full_journal_and_its_level()
    {
        _bench.InSession(acked: 1, newest: 1);
        _bench.Shelf.UsedPercent = 50;
        Assert.Equal("STATUS", _bench.Wake().Done());
        _bench.Shelf.UsedPercent = 60;
        Assert.Equal("", _bench.Wake().Done());
        _bench.Shelf.IsFull = true;
        Assert.Equal("STATUS", _bench.Wake().Done());
        _bench.Shelf.IsFull = false;
        Assert.Equal("STATUS", _bench.Wake().Done());
    }

    [Fact]
    public void Numbers_of_requests_run_from_1_to_255_and_begin_again()
    {
        List<byte> txns = [];
        for (int i = 0; i < 300; i++)
        {
            _bench.Up();
            txns.Add(_bench.State.Greeting!.Txn);
            _bench.Down();
        }

        Assert.Equal(Enumerable.Range(0, 300).Select(i => (byte)((i % 255) + 1)), txns);
    }

    [Fact]
    public void A_cut_line_forgets_the_session_and_begins_with_a_new_nonce()
    {
        _bench.InSession(newest: 3);
        byte[] nonce = _bench.State.Greeting?.Nonce ?? [];
        _bench.Down();
        Assert.Equal(Phase.Down, _bench.State.Phase);
        Assert.Null(RegisterSession.NextDue(_bench.State));
        _bench.Up();
        Assert.NotEqual(nonce, _bench.State.Greeting!.Nonce);
        Assert.Empty(_bench.State.UnderWay);
        _bench.Done();
        Assert.Equal("STATUS REC1 REC2 REC3", _bench.Welcome(2).Done());
    }

    private static string Payload(byte[] wire)
    {
        ReadOnlySpan<byte> bytes = wire;
        Assert.True(new FrameReader(new DropCounters(), fromGateway: false).TryRead(ref bytes, out Frame frame));
        return Convert.ToHexString(frame.Payload);
    }
}

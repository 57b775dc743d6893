using FirmwareSim.Bytes;
using FirmwareSim.Messages;
using FirmwareSim.Session;

namespace FirmwareSim.Tests.Session;

/// <summary>The state table of TLK/1 §11, row by row: silence, requests of the gateway, recovery.</summary>
public sealed class SessionAnswersTests
{
    private readonly SessionBench _bench = new();

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

using FirmwareSim.Bytes;
using FirmwareSim.Messages;
using FirmwareSim.Records;

namespace FirmwareSim.Tests.Session;

/// <summary>LEASE and TIME as a register that takes both answers them: TLK/1 §3.9 and §3.10.</summary>
public sealed class SessionLeaseTests
{
    private static readonly DateTimeOffset Until = new(2026, 7, 2, 23, 59, 59, TimeSpan.FromHours(7));
    private readonly SessionBench _bench = new() { TakesLeases = true, TakesTime = true };

    [Fact]
    public void A_lease_is_on_the_disk_before_it_is_said_to_be_taken()
    {
        _bench.InSession(acked: 3, newest: 3);
        _bench.Receive(FrameType.Lease, 3, Lease(5));
        byte[] leased = Assert.Single(_bench.Wires);
        Assert.Equal("lease5 LEASED", _bench.Done());
        Assert.Equal(Convert.ToHexString(Frame.Encode(FrameType.Leased, FrameFlags.None, 3, RegisterMessages.LeaseTaken(5, 3))), Convert.ToHexString(leased));
        Assert.Equal(new Lease(5, 1, "ABCDE", 26, 500, 599, "C26MAA", 500, 599, Until), _bench.Shelf.Lease);
    }

    [Fact]
    public void A_lease_whose_id_does_not_rise_is_refused_and_the_one_that_is_held_is_confirmed()
    {
        _bench.InSession();
        _bench.Receive(FrameType.Lease, 3, Lease(5)).Done();
        Assert.Equal("LEASED", _bench.Receive(FrameType.Lease, 3, Lease(5)).Done());
        Assert.Equal(RegisterMessages.LeaseTaken(5, 0), Said(_bench.Receive(FrameType.Lease, 4, Lease(5))));
        Assert.Equal(RegisterMessages.LeaseRefused(4), Said(_bench.Receive(FrameType.Lease, 5, Lease(4))));
        Assert.Equal(RegisterMessages.LeaseRefused(5), Said(_bench.Receive(FrameType.Lease, 6, Lease(5, firstCode: 700))));
        Assert.Equal("lease6 LEASED", _bench.Receive(FrameType.Lease, 7, Lease(6)).Done());
        Assert.Equal(5ul, _bench.Shelf.Lease!.Id - 1);
    }

    [Fact]
    public void A_lease_that_is_over_or_of_another_epoch_is_not_taken()
    {
        _bench.InSession();
        Assert.Equal(RegisterMessages.LeaseRefused(5), Said(_bench.Receive(FrameType.Lease, 3, Lease(5, until: Until.AddDays(-3)))));
        Assert.Equal(RegisterMessages.LeaseRefused(5), Said(_bench.Receive(FrameType.Lease, 4, Lease(5))));
        Assert.Equal("ERROR", _bench.Receive(FrameType.Lease, 5, Lease(6, epoch: 7)).Done());
        Assert.Null(_bench.Shelf.Lease);
    }

    [Theory]
    [InlineData(1999, "clock TIMED")]
    [InlineData(-2000, "clock TIMED")]
    [InlineData(2001, "clock:recorded TIMED")]
    [InlineData(-90_000, "clock:recorded TIMED")]
    public void TIME_steps_the_clock_and_a_step_of_more_than_two_seconds_is_recorded_first(int ahead, string done)
    {
        _bench.InSession();
        DateTimeOffset before = _bench.RegisterClock;
        Assert.Equal(done, _bench.Receive(FrameType.Time, 3, w => w.Time(Tag.Clock, before.AddMilliseconds(ahead))).Done());
        Assert.Equal(before.AddMilliseconds(ahead), _bench.RegisterClock);
        Assert.Equal("TIMED", _bench.Receive(FrameType.Time, 3, w => w.Time(Tag.Clock, before.AddMilliseconds(ahead))).Done());
    }

    [Fact]
    public void An_old_TIME_that_is_played_back_within_its_session_sets_nothing()
    {
        _bench.InSession();
        DateTimeOffset time = _bench.RegisterClock;
        _bench.Receive(FrameType.Time, 3, w => w.Time(Tag.Clock, time)).Receive(FrameType.Time, 4, w => w.Time(Tag.Clock, time.AddHours(6))).Done();
        Assert.Equal("ERROR", _bench.Receive(FrameType.Time, 3, w => w.Time(Tag.Clock, time)).Done());
    }

    [Fact]
    public void A_full_journal_has_no_room_for_the_step_so_there_is_none()
    {
        _bench.InSession();
        _bench.Shelf.IsFull = true;
        _bench.Wake().Done();
        Assert.Equal("ERROR", _bench.Receive(FrameType.Time, 3, w => w.Time(Tag.Clock, _bench.RegisterClock.AddHours(1))).Done());
    }

    [Fact]
    public void A_result_with_another_code_than_the_printed_one_is_kept_and_told()
    {
        _bench.InSession(acked: 0, newest: 1);
        _bench.Shelf.Leased[1] = new LeasedCode(5, "M1-26-ABCDE-00000000500", "C26MAA", 500);
        Assert.Equal("ERROR store1", _bench.Ack((1, SessionBench.Issued(7))).Done());
    }

    private static byte[] Said(SessionBench bench)
    {
        ReadOnlySpan<byte> wire = bench.Wires[^1];
        Assert.True(new FrameReader(new DropCounters(), fromGateway: false).TryRead(ref wire, out Frame frame));
        Assert.Equal("LEASED", bench.Done().Split(' ')[^1]);
        return frame.Payload;
    }

    private Action<TlvWriter> Lease(ulong id, ulong? epoch = null, ulong firstCode = 500, DateTimeOffset? until = null) => w => w
        .U64(Tag.Epoch, epoch ?? _bench.Shelf.Epoch).U64(Tag.Lease, id).Text(Tag.LeaseBlock, "ABCDE").U8(Tag.LeaseYear, 26)
        .U64(Tag.LeaseFirstCode, firstCode).U64(Tag.LeaseLastCode, firstCode + 99).Text(Tag.LeaseSeries, "C26MAA")
        .U32(Tag.LeaseFirstNumber, 500).U32(Tag.LeaseLastNumber, 599).Time(Tag.LeaseUntil, until ?? Until);
}

using FirmwareSim.Messages;
using FirmwareSim.Session;

namespace FirmwareSim.Tests.Session;

/// <summary>The state table of TLK/1 §11, row by row: HELLO and what answers it.</summary>
public sealed class SessionGreetingTests
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
}

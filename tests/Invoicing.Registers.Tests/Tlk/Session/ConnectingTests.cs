using Invoicing.Registers.Tlk;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;
using Invoicing.Registers.Tlk.Session;
using Invoicing.Sales;

namespace Invoicing.Registers.Tests.Tlk.Session;

/// <summary>HELLO, WELCOME, PING: TLK/1 §8 and §10.</summary>
public sealed class ConnectingTests
{
    [Fact]
    public void A_line_that_comes_up_says_that_there_is_no_session()
    {
        SessionBench bench = new();
        bench.Take(new TlkInput.LineUp());

        Assert.Equal(["NAK 9"], bench.Drain());
    }

    [Theory]
    [InlineData("PING of the register", "NAK 9 txn 2")]
    [InlineData("HAVE, present", "NAK 9 txn 1")]
    [InlineData("STATUS", "NAK 9 txn 5")]
    [InlineData("REC with a sale in one frame", "NAK 9")]
    public void Without_a_session_a_register_is_told_to_say_HELLO_at_most_twice_a_second(string frame, string answer)
    {
        SessionBench bench = new();
        bench.Take(new TlkInput.LineUp());
        bench.Drain();
        bench.Come(Vectors.Wire(frame));
        Assert.Empty(bench.Drain());

        bench.Wait(500);
        bench.Come(Vectors.Wire(frame));
        bench.Come(Vectors.Wire(frame));
        Assert.Equal([answer], bench.Drain());
    }

    [Fact]
    public void The_same_HELLO_gets_the_same_WELCOME_and_another_one_a_new_session()
    {
        SessionBench bench = new();
        bench.Take(new TlkInput.LineUp());
        bench.Come(SessionBench.Hello());
        bench.Stand(new RegisterStanding.Open(5));
        byte[] first = bench.DrainFrames()[^1].ToWire();

        bench.Come(SessionBench.Rec(6));
        bench.Come(SessionBench.Hello());
        Assert.Equal(first, Assert.Single(bench.DrainFrames()).ToWire());
        Assert.Single(bench.Asked);
        Assert.Equal(7ul, bench.State.Expected);

        bench.Come(SessionBench.Hello(nonce: 2));
        Assert.Equal(TlkPhase.Opening, bench.State.Phase);
    }

    [Fact]
    public void A_new_HELLO_waits_for_what_the_session_before_had_accepted()
    {
        var bench = SessionBench.Open();
        bench.Asked.Clear();
        bench.Come(SessionBench.Rec(6));
        bench.Come(SessionBench.Hello(nonce: 2));
        Assert.Empty(bench.Asked);

        bench.Finish(SessionBench.Issued(106));
        Assert.Empty(bench.Drain());
        Assert.Single(bench.Asked);
        bench.Stand(new RegisterStanding.Open(6));
        Assert.Equal(["WELCOME durable 6 txn 1"], bench.Drain());
    }

    [Fact]
    public void An_answer_about_an_older_HELLO_is_not_taken_for_the_newer()
    {
        SessionBench bench = new();
        bench.Take(new TlkInput.LineUp());
        bench.Come(SessionBench.Hello(nonce: 1));
        int old = bench.State.Session;
        bench.Come(SessionBench.Hello(nonce: 2, epoch: 9));
        bench.Drain();

        bench.Take(new TlkInput.Stands(old, new RegisterStanding.Open(77), DateTimeOffset.UnixEpoch, new byte[16]));
        bench.Take(new TlkInput.BehindNoted(old));

        Assert.Empty(bench.Drain());
        Assert.Equal(TlkPhase.Opening, bench.State.Phase);
    }

    [Fact]
    public void BUSY_bridges_the_time_until_the_standing_is_known()
    {
        SessionBench bench = new();
        bench.Take(new TlkInput.LineUp());
        bench.Drain();
        bench.Come(SessionBench.Hello());

        Assert.Equal([(200, "BUSY 2000 txn 1"), (1200, "BUSY 2000 txn 1")], bench.Wait(2000));
        bench.Come(SessionBench.Hello());
        Assert.Empty(bench.Drain());
        bench.Stand(new RegisterStanding.Open(5));
        Assert.Equal(["WELCOME durable 5 txn 1"], bench.Drain());
    }

    [Fact]
    public void A_gateway_that_waits_for_the_authority_says_BUSY_and_asks_again_at_the_next_HELLO()
    {
        SessionBench bench = new();
        bench.Take(new TlkInput.LineUp());
        bench.Drain();
        bench.Come(SessionBench.Hello());
        bench.Stand(new RegisterStanding.Waiting("the authority has not answered"));
        Assert.Equal(["BUSY 2000 txn 1"], bench.Drain());
        Assert.Empty(bench.Wait(3000));

        bench.Come(SessionBench.Hello());
        Assert.Equal(2, bench.Asked.Count);
        bench.Stand(new RegisterStanding.Open(3));
        Assert.Contains("WELCOME durable 3 txn 1", bench.Drain());
    }

    [Theory]
    [InlineData("retired", "NAK 4 txn 1", TlkPhase.None)]
    [InlineData("stopped", "NAK 2 txn 1", TlkPhase.Stopped)]
    public void A_register_that_may_not_is_told_so(string standing, string answer, TlkPhase phase)
    {
        SessionBench bench = new();
        bench.Take(new TlkInput.LineUp());
        bench.Drain();
        bench.Come(SessionBench.Hello());
        bench.Stand(standing == "retired" ? new RegisterStanding.Retired() : new RegisterStanding.Stopped("a conflict at 17"));

        Assert.Equal([answer], bench.Drain());
        Assert.Equal(phase, bench.State.Phase);
    }

    [Fact]
    public void An_old_image_of_a_register_is_noted_once_and_refused_each_time()
    {
        SessionBench bench = new();
        bench.Take(new TlkInput.LineUp());
        bench.Drain();
        bench.Come(SessionBench.Hello(newest: 90, acked: 90));
        bench.Stand(new RegisterStanding.Open(100));
        Assert.Empty(bench.Drain());
        bench.Take(new TlkInput.BehindNoted(bench.State.Session));
        Assert.Equal(["NAK 7 expected 100 txn 1"], bench.Drain());

        bench.Come(SessionBench.Hello(newest: 90, acked: 90, nonce: 2));
        bench.Stand(new RegisterStanding.Open(100));
        Assert.Equal(["NAK 7 expected 100 txn 1"], bench.Drain());
        Assert.DoesNotContain(TlkEvent.Behind, bench.Told());
    }

    [Fact]
    public void Another_register_on_a_bound_line_is_refused()
    {
        SessionBench bench = new(new() { Register = new("SIM-0002") });
        bench.Take(new TlkInput.LineUp());
        bench.Drain();
        bench.Come(SessionBench.Hello());

        Assert.Equal(["NAK 6 txn 1"], bench.Drain());
        Assert.Empty(bench.Asked);
    }

    [Fact]
    public void A_sealed_HELLO_is_refused_by_a_gateway_without_a_key()
    {
        SessionBench bench = new();
        bench.Take(new TlkInput.LineUp());
        bench.Drain();
        bench.Come(Vectors.Wire("HELLO sealed with the key 000102..1F"));

        Assert.Equal(["NAK 6 txn 1"], bench.Drain());
    }

    [Fact]
    public void The_smaller_body_is_agreed_on()
    {
        SessionBench bench = new(new() { MaxBody = 4096 });
        bench.Take(new TlkInput.LineUp());
        Assert.Equal(4096, bench.State.MaxBody);
        bench.Come(SessionBench.Hello(maxBody: 600));
        bench.Stand(new RegisterStanding.Open(5));
        Assert.Equal(600, bench.State.MaxBody);
    }

    [Fact]
    public void An_idle_register_is_pinged_every_5_s_and_given_up_after_20()
    {
        var bench = SessionBench.Open();

        List<(long At, string What)> sent = bench.Wait(19_999);
        Assert.Equal([(5000, "PING 1 txn 1"), (10_000, "PING 2 txn 2"), (15_000, "PING 3 txn 3")], sent);
        Assert.Equal(TlkPhase.Open, bench.State.Phase);

        bench.Take(new TlkInput.Tick());
        Assert.False(bench.HungUp());
        Assert.Equal(TlkPhase.None, WaitAndPhase(bench, 1));
    }

    [Fact]
    public void Any_valid_frame_puts_the_next_PING_off()
    {
        var bench = SessionBench.Open();
        for (uint i = 1; i <= 20; i++)
        {
            Assert.Empty(bench.Wait(4_000));
            bench.Come(PingMessage.Write(TlkType.Ping, (byte)i, i));
            Assert.Equal([$"PONG {i} txn {i}"], bench.Drain());
        }
    }

    [Fact]
    public void A_late_PONG_never_answers_a_newer_PING_over_ten_thousand_exchanges()
    {
        var bench = SessionBench.Open();
        (byte Txn, uint Counter) before = (0, 0);
        for (int i = 1; i <= 10_000; i++)
        {
            TlkFrame ping = OnlyPing(bench);
            Assert.InRange(ping.Txn, 1, 255);
            uint counter = PingMessage.Read(ping.Payload, out _)!.Value;
            if (before.Txn != 0)
            {
                bench.Come(PingMessage.Write(TlkType.Pong, before.Txn, before.Counter));
                bench.Come(PingMessage.Write(TlkType.Pong, ping.Txn, before.Counter));
                Assert.Equal([TlkCounter.Late, TlkCounter.Late], bench.DrainCounters());
                Assert.NotEqual(0, bench.State.PingTxn);
            }

            bench.DrainFrames();
            bench.Come(PingMessage.Write(TlkType.Pong, ping.Txn, counter));
            Assert.Empty(bench.DrainCounters());
            Assert.Equal(0, bench.State.PingTxn);
            before = (ping.Txn, counter);
        }
    }

    [Fact]
    public void Ten_thousand_HELLOs_over_the_transaction_wrap_get_each_its_own_WELCOME()
    {
        SessionBench bench = new();
        bench.Take(new TlkInput.LineUp());
        bench.Drain();
        for (int i = 0; i < 10_000; i++)
        {
            byte txn = (byte)((i % 255) + 1);
            byte[] nonce = [.. BitConverter.GetBytes(i), .. new byte[12]];
            TlkFrame hello = SessionBench.Hello(txn: txn);
            byte[] payload = hello.Payload.ToArray();
            nonce.CopyTo(payload, payload.Length - 16);
            bench.Come(hello with { Payload = payload });
            bench.Stand(new RegisterStanding.Open(5));

            TlkFrame welcome = Assert.Single(bench.DrainFrames());
            Assert.Equal(txn, welcome.Txn);
            TlvFault fault = new();
            Assert.Equal(nonce, new TlvGroup(welcome.Payload, "WELCOME", [Tag.PeerNonce], [], fault).Bytes(Tag.PeerNonce, 16, 16).ToArray());
        }
    }

    [Fact]
    public void Another_version_is_named_the_one_we_speak_once_a_second()
    {
        byte[] body = [2, 3, 0, 9, 0, 0, 0, 0, 0, 0];
        BitConverter.TryWriteBytes(body.AsSpan(6), Crc32C.Of(body.AsSpan(0, 6)));
        byte[] coded = new byte[20];
        byte[] wire = [0, .. coded[..Cobs.Encode(body, coded)], 0];
        var bench = SessionBench.Open();

        bench.Come(wire);
        bench.Come(wire);
        TlkFrame nak = Assert.Single(bench.DrainFrames());
        Assert.Equal("NAK 8 txn 9", SessionBench.Words(nak));
        Assert.Equal("130108170101180101", Convert.ToHexString(nak.Payload.Span));
        bench.Wait(1000);
        bench.Come(wire);
        Assert.Equal(["NAK 8 txn 9"], bench.Drain());
    }

    [Fact]
    public void A_line_that_goes_takes_the_session_along_but_not_the_records_being_committed()
    {
        var bench = SessionBench.Open();
        bench.Come(SessionBench.Rec(6));
        bench.Take(new TlkInput.LineGone());
        bench.Come(SessionBench.Hello(nonce: 3));
        Assert.Equal(TlkPhase.Down, bench.State.Phase);

        bench.Finish(SessionBench.Issued(106));
        Assert.Empty(bench.Drain());
        bench.Asked.Clear();
        bench.Take(new TlkInput.LineUp());
        bench.Come(SessionBench.Hello(nonce: 4));
        Assert.Single(bench.Asked);
    }

    private static TlkPhase WaitAndPhase(SessionBench bench, long milliseconds)
    {
        bench.Wait(milliseconds);
        return bench.State.Phase;
    }

    private static TlkFrame OnlyPing(SessionBench bench)
    {
        bench.DrainFrames();
        (long at, string what) = Assert.Single(bench.Wait(5000), sent => !sent.What.StartsWith("ASK", StringComparison.Ordinal));
        Assert.Equal(5000, at);
        string[] words = what.Split(' ');
        return PingMessage.Write(TlkType.GatewayPing, byte.Parse(words[3], null), uint.Parse(words[1], null));
    }
}

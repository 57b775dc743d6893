using Invoicing.Registers.Tlk;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;
using Invoicing.Registers.Tlk.Session;
using Invoicing.Sales;

namespace Invoicing.Registers.Tests.Tlk.Session;

/// <summary>Sealed lines: TLK/1 §3.13.</summary>
public sealed class SealTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] HelloNonce = [.. Enumerable.Range(0x10, 16).Select(i => (byte)i)];
    private static readonly byte[] WelcomeNonce = [.. Enumerable.Range(0x20, 16).Select(i => (byte)i)];
    private static readonly TlkSeal Frames = TlkSeal.Frames(Key, HelloNonce, WelcomeNonce);

    public static TheoryData<string> Bad => Vectors.Names("sealBad");

    [Theory]
    [InlineData("HELLO sealed with the key 000102..1F", "hello")]
    [InlineData("WELCOME sealed with the key 000102..1F", "welcome")]
    [InlineData("BUSY for that HELLO, sealed", "welcome")]
    [InlineData("NAK 2 for that HELLO, sealed", "welcome")]
    [InlineData("PING of the register, sealed in that session", "frame")]
    [InlineData("REC in that session, sealed", "frame")]
    [InlineData("ACK in that session, sealed", "frame")]
    [InlineData("NAK 1 in that session, sealed", "frame")]
    [InlineData("TIME in that session, sealed", "frame")]
    public void A_tag_is_that_of_the_vectors_and_any_other_byte_breaks_it(string name, string label)
    {
        TlkSeal seal = label switch
        {
            "hello" => TlkSeal.Hello(Key),
            "welcome" => TlkSeal.Answer(Key, HelloNonce),
            _ => Frames,
        };
        TlkFrame frame = Vectors.Frame(Vectors.Wire(name));

        TlkFrame opened = Assert.IsType<TlkFrame>(seal.Open(frame));

        Assert.Equal(Vectors.Wire(name), seal.Seal(opened).ToWire());
        for (int i = 0; i < frame.Payload.Length; i++)
        {
            byte[] changed = frame.Payload.ToArray();
            changed[i] ^= 0x40;
            Assert.Null(seal.Open(frame with { Payload = changed }));
        }

        Assert.Null(seal.Open(frame with { Txn = 77 }));
        Assert.Null(seal.Open(frame with { Flags = frame.Flags | TlkFlags.More }));
        Assert.Null(seal.Open(frame with { Type = TlkType.Error }));
        Assert.Null(seal.Open(frame with { Payload = frame.Payload[..15] }));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void In_a_sealed_session_what_is_not_sealed_right_is_dropped_and_changes_nothing(string name)
    {
        SessionBench bench = Open();
        TlkState before = bench.State;

        bench.Come(Vectors.Named("sealBad", name).Hex("wire"));

        Assert.Equal([TlkCounter.Seal], bench.DrainCounters());
        Assert.Empty(bench.Drain());
        Assert.Equal(before, bench.State);
    }

    [Fact]
    public void A_sealed_session_seals_all_that_it_says_and_takes_all_that_is_sealed()
    {
        SessionBench bench = Open();
        bench.Come(Frames.Seal(SessionBench.Rec(6)));
        bench.Finish(SessionBench.Issued(106));
        TlkFrame ack = Assert.IsType<TlkFrame>(Frames.Open(Assert.Single(bench.DrainFrames())));
        Assert.Equal("ACK 6: 6 ISSUED 106", SessionBench.Words(ack));

        bench.Come(Frames.Seal(SessionBench.Rec(9)));
        Assert.Equal("NAK 1 seq 9 expected 7", SessionBench.Words(Frames.Open(Assert.Single(bench.DrainFrames()))!));
        Assert.Equal(TlkPhase.Open, bench.State.Phase);
    }

    [Fact]
    public void An_ACK_with_its_tag_fits_into_the_body()
    {
        SessionBench bench = Open();
        for (ulong seq = 6; seq < 22; seq++)
        {
            bench.Come(Frames.Seal(SessionBench.Rec(seq)));
        }

        for (int i = 15; i >= 0; i--)
        {
            TlkEffect.Record record = bench.Recording[i];
            bench.Take(new TlkInput.Done(record.Ticket, SessionBench.Issued(100 + i)));
        }

        List<TlkFrame> acks = bench.DrainFrames();
        Assert.True(acks.Count > 1);
        Assert.All(acks, ack => Assert.InRange(ack.Payload.Length + TlkFrame.Overhead, 1, 1024));
    }

    [Theory]
    [InlineData(null, true, "sealed, and this gateway has no key")]
    [InlineData(true, false, "not sealed, and this gateway demands it")]
    [InlineData(true, null, "sealed with another key")]
    [InlineData(false, null, "sealed with another key")]
    public void A_HELLO_that_is_not_sealed_as_this_gateway_wants_gets_an_unsealed_NAK_6(bool? demands, bool? isRight, string why)
    {
        SessionBench bench = new(Options(demands));
        bench.Take(new TlkInput.LineUp());
        bench.Drain();
        TlkFrame hello = SessionBench.Hello();

        bench.Come(isRight == false ? hello : TlkSeal.Hello(isRight is null ? Key.Reverse().ToArray() : Key).Seal(hello));

        TlkFrame nak = Assert.Single(bench.DrainFrames());
        Assert.Equal((TlkFlags.None, "NAK 6 txn 1"), (nak.Flags, SessionBench.Words(nak)));
        Assert.Contains(why, System.Text.Encoding.UTF8.GetString(nak.Payload.Span), StringComparison.Ordinal);
        Assert.Empty(bench.Asked);
    }

    [Fact]
    public void Where_sealing_is_not_demanded_a_register_without_a_key_is_welcome_and_nothing_is_sealed()
    {
        SessionBench bench = new(Options(demands: false));
        bench.Take(new TlkInput.LineUp());
        bench.Come(SessionBench.Hello());
        bench.Stand(new RegisterStanding.Open(5));
        bench.Drain();
        bench.Come(SessionBench.Rec(6));
        bench.Finish(SessionBench.Issued(106));
        Assert.Equal(["ACK 6: 6 ISSUED 106"], bench.Drain());
    }

    [Fact]
    public void A_HELLO_of_yesterday_that_is_played_back_ends_no_session_and_stops_no_register()
    {
        SessionBench bench = Open(nonce: 1);
        TlkFrame old = TlkSeal.Hello(Key).Seal(SessionBench.Hello(nonce: 1, newest: 2, acked: 2));
        TlkFrame older = TlkSeal.Hello(Key).Seal(SessionBench.Hello(nonce: 1));
        Greet(bench, nonce: 2);
        TlkState before = bench.State;

        bench.Come(older);
        bench.Come(old);

        Assert.Equal(before, bench.State);
        Assert.Equal([TlkCounter.Seal, TlkCounter.Seal], bench.DrainCounters());
        Assert.Equal([TlkEvent.Unsealed, TlkEvent.Unsealed], bench.Told());
    }

    [Fact]
    public void Frames_of_the_session_before_are_not_those_of_this_one()
    {
        SessionBench bench = Open(nonce: 1);
        byte[] ping = Frame(1).Seal(PingMessage.Write(TlkType.Ping, 3, 7)).ToWire();
        bench.Come(ping);
        Assert.Single(bench.DrainFrames());
        Greet(bench, nonce: 2);

        bench.Come(ping);

        Assert.Equal([TlkCounter.Seal], bench.DrainCounters());
        Assert.Empty(bench.DrainFrames());
    }

    [Fact]
    public void Without_a_session_a_sealed_frame_is_told_that_there_is_none()
    {
        SessionBench bench = new(Options(true));
        bench.Take(new TlkInput.LineUp());
        bench.Wait(1000);
        bench.Come(Frames.Seal(PingMessage.Write(TlkType.Ping, 3, 7)));
        TlkFrame nak = Assert.Single(bench.DrainFrames());
        Assert.Equal((TlkFlags.None, "NAK 9 txn 3"), (nak.Flags, SessionBench.Words(nak)));
    }

    [Fact]
    public void A_stopped_register_whose_HELLO_was_sealed_is_told_so_sealed_and_not_pinged()
    {
        SessionBench bench = new(Options(true));
        bench.Take(new TlkInput.LineUp());
        bench.Drain();
        bench.Come(TlkSeal.Hello(Key).Seal(SessionBench.Hello(nonce: 1)));
        bench.Stand(new RegisterStanding.Stopped("a person decides"));
        TlkFrame nak = Assert.Single(bench.DrainFrames());
        Assert.NotNull(TlkSeal.Answer(Key, [.. Enumerable.Repeat((byte)1, 16)]).Open(nak));
        Assert.Empty(bench.Wait(60_000));
        Assert.False(bench.HungUp());
    }

    [Fact]
    public void A_pairing_key_of_another_length_is_a_fault_of_the_options() =>
        Assert.Equal("PairingKey: expected 32 bytes, found 31", new TlkOptions { PairingKey = Key.AsMemory(1) }.Fault());

    private static TlkSeal Frame(byte nonce) => TlkSeal.Frames(Key, [.. Enumerable.Repeat(nonce, 16)], WelcomeNonce);

    private static TlkOptions Options(bool? demands) => new()
    {
        Gateway = "gateway-1",
        MaxBody = 1024,
        PairingKey = demands is null ? (ReadOnlyMemory<byte>?)null : Key,
        DemandsSealing = demands ?? true,
    };

    private static SessionBench Open(byte? nonce = null)
    {
        SessionBench bench = new(Options(true));
        bench.Take(new TlkInput.LineUp());
        bench.Drain();
        Greet(bench, nonce);
        return bench;
    }

    private static void Greet(SessionBench bench, byte? nonce)
    {
        if (nonce is { } one)
        {
            bench.Come(TlkSeal.Hello(Key).Seal(SessionBench.Hello(nonce: one)));
        }
        else
        {
            bench.Come(Vectors.Wire("HELLO sealed with the key 000102..1F"));
        }

        bench.Stand(new RegisterStanding.Open(5));
        TlkFrame welcome = Assert.Single(bench.DrainFrames(), frame => frame.Type == TlkType.Welcome);
        Assert.NotNull(TlkSeal.Answer(Key, nonce is { } n ? [.. Enumerable.Repeat(n, 16)] : HelloNonce).Open(welcome));
    }
}

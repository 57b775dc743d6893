using System.Text.Json;
using FirmwareSim.Bytes;
using FirmwareSim.Messages;
using FirmwareSim.Session;

namespace FirmwareSim.Tests.Session;

/// <summary>A paired register: TLK/1 §3.13.</summary>
public sealed class SessionSealTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private readonly SessionBench _bench = new() { PairingKey = Key };

    [Fact]
    public void Frames_of_the_vectors_seal_and_open()
    {
        byte[] helloNonce = [.. Enumerable.Range(0x10, 16).Select(i => (byte)i)];
        byte[] session = FrameSeal.SessionKey(Key, helloNonce, [.. Enumerable.Range(0x20, 16).Select(i => (byte)i)]);
        int opened = 0;
        foreach (JsonElement item in Vectors.Of("frames").Where(item => (item.GetProperty("flags").GetInt32() & 4) != 0))
        {
            string name = item.Text("name");
            bool fromGateway = item.Text("from") == "gateway";
            ReadOnlySpan<byte> bytes = item.Hex("wire");
            Assert.True(new FrameReader(new DropCounters(), fromGateway).TryRead(ref bytes, out Frame frame), name);
            if (frame.Type == FrameType.Hello)
            {
                Assert.Equal(item.Text("wire"), Convert.ToHexString(FrameSeal.EncodeHello(frame.Txn, frame.Payload[..^16], Key)));
            }
            else if (name.Contains("for that HELLO", StringComparison.Ordinal) || frame.Type == FrameType.Welcome)
            {
                Assert.NotNull(FrameSeal.OpenAnswer(frame, Key, helloNonce));
            }
            else
            {
                Assert.NotNull(FrameSeal.Open(frame, session));
                Assert.Equal(item.Text("wire"), Convert.ToHexString(FrameSeal.Encode(frame.Type, FrameFlags.None, frame.Txn, frame.Payload[..^16], session)));
            }

            opened++;
        }

        Assert.Equal(9, opened);
        foreach (JsonElement item in Vectors.Of("sealBad"))
        {
            ReadOnlySpan<byte> bytes = item.Hex("wire");
            Assert.True(new FrameReader(new DropCounters(), fromGateway: false).TryRead(ref bytes, out Frame frame));
            Assert.Null(FrameSeal.Open(frame, session));
        }
    }

    [Fact]
    public void A_session_that_began_sealed_is_sealed_and_takes_only_what_is()
    {
        _bench.Shelf.Newest = 0;
        _bench.Up();
        Assert.Equal("HELLO", _bench.Done());
        Assert.Equal("STATUS", _bench.WelcomeSealed(0).Done());
        byte[] counter = RegisterMessages.Counter(9);

        _bench.ReceiveFrame(Seals.InSession(FrameType.GatewayPing, 7, counter, _bench.SessionKey));
        ReadOnlySpan<byte> pong = Assert.Single(_bench.Wires);
        Assert.True(new FrameReader(new DropCounters(), fromGateway: false).TryRead(ref pong, out Frame frame));
        Assert.Equal("PONG", _bench.Done());
        Assert.Equal(counter, FrameSeal.Open(frame, _bench.SessionKey)!.Value.Payload);
        Assert.Equal("drop:seal", _bench.ReceiveFrame(new Frame(FrameType.GatewayPing, FrameFlags.None, 8, counter)).Done());
        Assert.Equal("drop:seal", _bench.ReceiveFrame(Seals.InSession(FrameType.GatewayPing, 8, counter, Key)).Done());
    }

    [Fact]
    public void A_WELCOME_without_the_key_or_played_back_opens_nothing()
    {
        _bench.Shelf.Newest = 0;
        _bench.Up();
        _bench.Done();
        Assert.Equal("drop:seal", _bench.Welcome(0).Done());
        Greeting first = _bench.State.Greeting!;
        _bench.WelcomeSealed(0).Down().Up().Done();
        Frame old = Seals.Answer(FrameType.Welcome, _bench.State.Greeting!.Txn, [], Key, first.Nonce);
        Assert.Equal("drop:seal", _bench.ReceiveFrame(old).Done());
        Assert.Equal(Phase.Greeting, _bench.State.Phase);
    }

    [Fact]
    public void Unsealed_NAK_6_and_NAK_9_are_worth_a_new_HELLO_and_no_more()
    {
        _bench.Shelf.Newest = 0;
        _bench.Up();
        _bench.Done();
        _bench.Nak(NakReason.NotPaired, _bench.State.Greeting!.Txn);
        Assert.Null(_bench.State.Greeting);
        Assert.Equal("HELLO", _bench.After(60_000).Done());
        _bench.WelcomeSealed(0).Done();

        Assert.Equal("drop:seal", _bench.Nak(NakReason.Conflict).Done());
        Assert.Equal("drop:seal", _bench.Busy(60_000).Done());
        Assert.Equal("HELLO", _bench.Nak(NakReason.NoSession).Done());
        _bench.WelcomeSealed(0).Done();
        Assert.Equal("drop:seal", _bench.Nak(NakReason.NoSession).Done());
    }

    [Fact]
    public void A_register_that_was_refused_before_its_session_says_nothing_but_HELLO()
    {
        _bench.Shelf.Newest = 0;
        _bench.Up();
        _bench.Done();
        byte[] nak = new TlvWriter().U8(Tag.Reason, 2).ToArray();
        _bench.ReceiveFrame(Seals.Answer(FrameType.Nak, _bench.State.Greeting!.Txn, nak, Key, _bench.State.Greeting.Nonce));
        Assert.Equal("stop", _bench.Done());
        Assert.Equal("HELLO", _bench.After(60_000).Done());
    }
}

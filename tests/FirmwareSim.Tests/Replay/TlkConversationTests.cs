using FirmwareSim.Bytes;
using FirmwareSim.Messages;
using FirmwareSim.Records;
using FirmwareSim.Replay;
using FirmwareSim.Replay.Tlk;
using static FirmwareSim.Tests.Replay.TlkRecording;

namespace FirmwareSim.Tests.Replay;

/// <summary>A played register, over no line and with a clock that the test moves.</summary>
public sealed class TlkConversationTests
{
    private readonly List<byte[]> _said = [];
    private readonly FrameReader _gateway = new(new DropCounters());
    private TlkConversation _conversation = new(new([], new([]), new HashSet<NakReason>(), new HashSet<(byte, byte)>()), Options(isTimed: false));
    private long _now = 5_000;

    [Fact]
    public void A_record_goes_once_what_was_answered_before_it_is_answered_however_it_is_grouped()
    {
        Begin(new TlkRecording()
            .In(Hello(7)).Out(Welcome(7)).In(Status(0), Record(1), Record(2)).Out(Ack((1, Issued(1)))).Out(Ack((2, Issued(2)))).In(Record(3)).Out(Ack((3, Held))));

        Assert.Equal([Hello(7)], Said());
        Hear(Welcome(7));
        Assert.Equal([Status(0), Record(1), Record(2)], Said());
        Hear(Busy(0, 100, 1), Nak(NakReason.NoSession, 9));
        Assert.Equal("step 6: record 1: expected issued, found NAK 9 (no session)", _conversation.Difference);

        Begin(new TlkRecording()
            .In(Hello(7)).Out(Welcome(7)).In(Record(1), Record(2)).Out(Ack((1, Issued(1)))).Out(Ack((2, Issued(2)))).In(Record(3)).Out(Ack((3, Held))));
        Hear(Nak(NakReason.NoSession), Welcome(7));
        Said();
        Hear(Ack((1, Issued(71))));
        Assert.Empty(Said());
        Hear(Ack((1, Issued(71)), (2, Issued(72))));
        Assert.Equal([Record(3)], Said());
        Hear(Ack((2, Issued(72)), (3, Held)));
        Assert.Null(_conversation.Difference);
        Assert.True(_conversation.IsConnectionOver(_now));
        Assert.True(_conversation.IsOver);
    }

    [Fact]
    public void Another_outcome_is_a_difference()
    {
        Begin(Selling().In(Record(2)).Out(Ack((2, Issued(2)))));
        Hear(Welcome(7), Ack((1, Issued(1))), Ack((2, Held)));
        Assert.Equal("step 6: record 2: expected issued, found held (reason 255: no goods of this code)", _conversation.Difference);
        Assert.Equal(5, _conversation.StepsDone);

        Begin(new TlkRecording().In(Hello(7)).Out(Welcome(7)).In(Record(1)).Out(Ack((1, Held)), Ack((1, Issued(1)))).In(Record(2)).Out(Ack((2, RecordResult.Recorded()))));
        Hear(Welcome(7), Ack((1, Held)));
        Said();
        Hear(Ack((2, Issued(2))));
        Assert.Equal("step 7: record 2: expected recorded, found issued", _conversation.Difference);
    }

    [Fact]
    public void Another_answer_to_HELLO_is_a_difference()
    {
        Begin(Selling());
        Hear(Nak(NakReason.EpochRetired, 7, "epoch 1 was followed by a newer one"));
        Assert.Equal("step 2: HELLO: expected WELCOME, found NAK 4 (epoch retired): epoch 1 was followed by a newer one", _conversation.Difference);

        Begin(new TlkRecording().In(Hello(7)).Out(Nak(NakReason.NotPaired, 7)).In(Hello(8)).Out(Welcome(8)));
        Hear(Welcome(7));
        Assert.Equal("step 2: HELLO: expected NAK 6 (not paired), found WELCOME", _conversation.Difference);

        Begin(new TlkRecording().In(Hello(7)).Out(Nak(NakReason.NotPaired, 7)).In(Hello(8)).Out(Welcome(8)));
        Said();
        Hear(Nak(NakReason.NotPaired, 7, "who?"));
        Assert.Equal([Hello(8)], Said());
        Hear(Welcome(8));
        Assert.Null(_conversation.Difference);

        Begin(Selling());
        Hear(Welcome(7, maxBody: 512));
        Assert.Equal("step 2: HELLO: expected WELCOME with a max body of at least 733, as the recorded frames have it, found 512", _conversation.Difference);
    }

    [Fact]
    public void What_the_recorded_gateway_never_said_is_a_difference()
    {
        Begin(Selling());
        Hear(Welcome(7), Error(2, FrameType.Status, "no clock"));
        Assert.Equal("step 4: record 1: expected issued, found ERROR 2 about a message of type 04: no clock", _conversation.Difference);

        Begin(Selling());
        Hear(Welcome(7), Nak(NakReason.Conflict, seq: 1, text: "other content"));
        Assert.Equal("step 4: record 1: expected issued, found NAK 2 (conflict): other content", _conversation.Difference);

        Begin(Selling());
        Hear(Welcome(7), Nak(NakReason.Gap, seq: 1, expected: 1));
        Assert.Equal("step 4: record 1: expected issued, found NAK 1 (gap)", _conversation.Difference);

        Begin(Selling());
        Hear(Frame.Encode(FrameType.Welcome, FrameFlags.None, 7, []));
        Assert.StartsWith("step 2: expected messages as TLK/1 has them, found WELCOME with ", _conversation.Difference, StringComparison.Ordinal);

        // But where it was said, it may be said at other moments, and again.
        Begin(Selling().Out(Error(2, FrameType.Status, "x"), Nak(NakReason.Gap, seq: 2, expected: 2)).In(Record(2)).Out(Nak(NakReason.Malformed, seq: 2)));
        Hear(Welcome(7), Error(2, FrameType.Status, "y"), Error(2, FrameType.Status, "y"), Nak(NakReason.Gap, seq: 1, expected: 1));
        Hear(Ack((1, Issued(1))));
        Hear(Nak(NakReason.Malformed, seq: 2));
        Assert.Null(_conversation.Difference);
        Assert.True(_conversation.IsConnectionOver(_now));
    }

    [Fact]
    public void Silence_is_a_difference_after_patience_and_what_waits_is_said_again_until_then()
    {
        Begin(Selling());
        Said();
        After(499);
        Assert.Empty(Said());
        After(1);
        Assert.Equal([Hello(7)], Said());
        Hear(Welcome(7));
        Assert.Equal([Record(1)], Said());
        After(500 + 1_000 + 2_000 + 4_000 + 8_000 + 8_000);
        Assert.Equal([Record(1), Record(1), Record(1), Record(1), Record(1), Record(1)], Said());
        Assert.Null(_conversation.Difference);
        After(6_500);
        Assert.Equal("step 4: record 1: expected issued, found nothing for 30 s", _conversation.Difference);

        Begin(Selling());
        Hear(Welcome(7));
        Said();
        After(100);
        Hear(Busy(0, 3_000, 1));
        After(2_999);
        Assert.Empty(Said());
        After(1);
        Assert.Equal([Record(1)], Said());
        Hear(Nak(NakReason.Gap, seq: 1, expected: 1));
        Assert.Equal([Record(1)], Said());
        After(30_000);
        Assert.Equal("step 4: record 1: expected issued, found BUSY for 30 s", _conversation.Difference);
    }

    [Fact]
    public void A_request_is_answered_with_the_number_that_came_and_the_same_one_with_the_same()
    {
        Begin(new TlkRecording()
            .In(Hello(7)).Out(Welcome(7)).In(Record(1)).Out(Ask(3), Ping(4, 77)).In(Status(3)).Out(Ask(5)).In(Status(5)).Out(Ack((1, Issued(1)))));
        Said();
        Hear(Ask(99));
        Assert.Empty(Said());
        Hear(Welcome(7));
        Assert.Equal([Record(1)], Said());
        Hear(Ask(101));
        Assert.Equal([Restamped(Status(3), 101)], Said());
        Hear(Ask(101));
        Assert.Equal([Restamped(Status(3), 101)], Said());
        Hear(Ping(200, 12));
        Assert.Equal([Frame.Encode(FrameType.Pong, FrameFlags.None, 200, RegisterMessages.Counter(12))], Said());
        Hear(Ask(102));
        Assert.Equal([Restamped(Status(5), 102)], Said());
        Hear(Ask(103));
        Assert.Empty(Said());
        Hear(Ack((1, Issued(1))));
        Assert.True(_conversation.IsConnectionOver(_now));
    }

    [Fact]
    public void What_the_recording_does_not_hold_is_not_present_and_what_it_recovered_is_sent()
    {
        byte[] group = Issued(5).ToGroup();
        Begin(new TlkRecording()
            .In(Hello(7, acked: 6)).Out(Welcome(7, durable: 4), Get(3, 5, 6)).In(Have(3, 5, 6, present: true), Record(5, group), Record(6, [])).Out(Ack((5, Issued(5)), (6, Issued(6))))
            .In(Record(7)).Out(Ack((7, Issued(7)))));
        Said();
        Hear(Welcome(7, durable: 0));
        Assert.Empty(Said());
        Hear(Get(44, 1, 6));
        Assert.Equal([Have(44, 1, 4, present: false)], Said());
        Hear(Get(45, 5, 6));
        Assert.Equal([Have(45, 5, 6, present: true), Record(5, group), Record(6, [])], Said());
        Hear(Ack((5, Issued(5)), (6, Issued(1))));
        Assert.Equal([Record(7)], Said());

        // What was said goes out again with the result that is held by now.
        Hear(Ack((7, Issued(7))));
        Hear(Get(46, 7, 7));
        Assert.Equal([Have(46, 7, 7, present: true), Record(7, Issued(7).ToGroup())], Said());
    }

    [Fact]
    public void New_records_wait_until_a_gateway_that_lacks_older_ones_has_asked_for_them()
    {
        TlkRecording recording = new TlkRecording().In(Hello(7, acked: 6)).Out(Welcome(7, durable: 6)).In(Record(7)).Out(Ack((7, Issued(7))));
        Begin(recording);
        Said();
        Hear(Welcome(7, durable: 2));
        After(29_999);
        Assert.Empty(Said());
        Hear(Get(9, 3, 6));
        Assert.Equal([Have(9, 3, 6, present: false), Record(7)], Said());

        Begin(recording);
        Hear(Welcome(7, durable: 2));
        After(30_000);
        Assert.Equal("step 3: record 7: expected GET 3..6, found nothing for 30 s", _conversation.Difference);

        Begin(recording, isTimed: true);
        Hear(Welcome(7, durable: 2));
        After(30_000);
        Assert.Null(_conversation.Difference);
        Assert.Equal(_now + 100, _conversation.NextDue(_now));
        After(100);
        Assert.Equal("step 3: record 7: expected GET 3..6, found nothing for 30 s", _conversation.Difference);
    }

    [Fact]
    public void Replies_of_the_register_keep_their_pauses_if_it_is_timed()
    {
        Begin(Selling(), isTimed: true);
        Assert.Equal([Hello(7)], Said());
        Hear(Welcome(7));
        Assert.Empty(Said());
        After(99);
        Assert.Empty(Said());
        After(1);
        Assert.Equal([Record(1)], Said());
    }

    [Fact]
    public void What_was_no_frame_is_said_as_it_was_and_the_line_hangs_up_where_it_did()
    {
        byte[] damaged = [.. Hello(7)];
        damaged[20] ^= 4;
        Begin(new TlkRecording()
            .In([.. "boot"u8], damaged, Hello(7)).Out(Welcome(7)).In(Record(1)[..100], Record(1)[100..], Record(2)[..50])
            .Opened().Out(Ack((1, Issued(1)))).In(Hello(8, newest: 2)).Out(Welcome(8)).In(Record(1)).Out(Ack((1, Issued(1)))));
        Assert.Equal([.. "boot"u8, .. damaged, .. Hello(7)], Said().SelectMany(said => said));
        Hear(Welcome(7));
        Assert.Equal([Record(1), Record(2)[..50]], Said());
        After(49);
        Assert.False(_conversation.IsConnectionOver(_now));
        Hear(Ping(1, 1));
        Assert.Empty(Said()); // a PONG would end the half frame
        After(1);
        Assert.True(_conversation.IsConnectionOver(_now));
        Assert.False(_conversation.IsOver);

        _conversation.Connect(_now);
        Wake();
        Assert.Equal([Hello(8, newest: 2)], Said());
        _conversation.HungUp();
        Assert.Equal("step 10: expected the gateway to stay on the line, found that it closed it", _conversation.Difference);
    }

    [Fact]
    public void A_recording_that_begins_in_a_session_is_introduced()
    {
        byte[] tail = Record(4)[400..];
        Begin(new TlkRecording().In(tail, Record(5), Record(6, maxBody: 512)).Out(Ack((4, Issued(4)), (5, Issued(5))), Ack((6, Issued(6)))));
        byte[] hello = Assert.Single(Said());
        Frame frame = Read(hello, fromGateway: false);
        var content = RecordedHello.Read(frame.Payload);
        Assert.Equal((FrameType.Hello, "REPLAYED", Epoch, 4UL), (frame.Type, content!.Serial, content.Epoch, content.Acked));

        Hear(Frame.Encode(FrameType.Welcome, FrameFlags.None, frame.Txn, new TlvWriter()
            .Text(Tag.Gateway, "g").U64(Tag.Epoch, Epoch).Bytes(Tag.PeerNonce, content.Nonce).U64(Tag.Durable, 0).U8(Tag.Window, 8)
            .U16(Tag.MaxBody, 4096).U32(Tag.Caps, 0).Time(Tag.Clock, DateTimeOffset.UnixEpoch).Bytes(Tag.Nonce, Nonce(1)).ToArray()));
        Assert.Equal([tail], Said());
        Hear(Get(1, 1, 4));
        Assert.Equal([Have(1, 1, 4, present: false), Record(5), Record(6, maxBody: 512)], Said());
        Hear(Ack((5, Issued(5)), (6, Issued(6))));
        Assert.Null(_conversation.Difference);
        Assert.True(_conversation.IsConnectionOver(_now));
    }

    private static TlkRecording Selling() => new TlkRecording().In(Hello(7)).Out(Welcome(7)).In(Record(1)).Out(Ack((1, Issued(1))));

    private static ReplayOptions Options(bool isTimed) => new(IsLenient: true, isTimed, ReplayOptions.DefaultPatience);

    private static byte[] Restamped(byte[] wire, byte txn)
    {
        Frame frame = Read(wire, fromGateway: false);
        return Frame.Encode(frame.Type, frame.Flags, txn, frame.Payload);
    }

    private static Frame Read(byte[] wire, bool fromGateway)
    {
        FrameReader reader = new(new DropCounters(), fromGateway);
        ReadOnlySpan<byte> bytes = wire;
        Assert.True(reader.TryRead(ref bytes, out Frame frame));
        return frame;
    }

    private void Begin(TlkRecording recording, bool isTimed = false)
    {
        _said.Clear();
        _conversation = new(TlkScriptReader.Read(recording.Line, null), Options(isTimed));
        _conversation.Connect(_now);
        Wake();
    }

    /// <summary>What was said since the last look.</summary>
    private byte[][] Said()
    {
        byte[][] said = [.. _said];
        _said.Clear();
        return said;
    }

    private void Hear(params byte[][] wires)
    {
        foreach (byte[] wire in wires)
        {
            ReadOnlySpan<byte> bytes = wire;
            Assert.True(_gateway.TryRead(ref bytes, out Frame frame));
            _said.AddRange(_conversation.Take(frame, _now));
            Wake();
        }
    }

    private void Wake() => _said.AddRange(_conversation.Wake(_now));

    /// <summary>Moves the clock, stopping where something is due.</summary>
    private void After(long milliseconds)
    {
        long end = _now + milliseconds;
        while (_conversation.NextDue(_now) is long due && due <= end && due > _now)
        {
            _now = due;
            Wake();
        }

        _now = end;
        Wake();
    }
}

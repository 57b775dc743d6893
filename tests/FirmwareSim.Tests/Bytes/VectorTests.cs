using System.Text;
using System.Text.Json;
using FirmwareSim.Bytes;
using FirmwareSim.Messages;
using FirmwareSim.Records;

namespace FirmwareSim.Tests.Bytes;

/// <summary>Every byte vector of TLK/1 that a register can be held to.</summary>
public sealed class VectorTests
{
    private const ulong Epoch = 0x1122334455667788;
    private static readonly DateTimeOffset Clock = DateTimeOffset.FromUnixTimeMilliseconds(0x019F_1CB1_2800).ToOffset(TimeSpan.FromHours(7));

    [Fact]
    public void Crc32c_is_that_of_the_vectors()
    {
        foreach (JsonElement item in Vectors.Of("crc32c"))
        {
            Assert.Equal(item.Text("crc"), Crc32C.Of(Encoding.ASCII.GetBytes(item.Text("ascii"))).ToString("X8"));
        }
    }

    [Fact]
    public void Cobs_codes_and_decodes_as_the_vectors_do()
    {
        foreach (JsonElement item in Vectors.Of("cobs"))
        {
            Assert.Equal(item.Text("coded"), Convert.ToHexString(Encode(item.Hex("plain"))));
            Assert.Equal(item.Text("plain"), Decode(item.Hex("coded")));
        }

        Assert.All(Vectors.Of("cobsAccepted"), item => Assert.Equal(item.Text("plain"), Decode(item.Hex("coded"))));
        Assert.All(Vectors.Of("cobsRefused"), item => Assert.Null(Decode(item.Hex("coded"))));
    }

    [Fact]
    public void Cobs_round_trip_is_the_identity_for_every_length_and_density_of_zeros()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        for (int length = 0; length <= 1100; length++)
        {
            byte[] plain = new byte[length];
            random.NextBytes(plain);
            int least = random.Next(1, 256);
            for (int i = 0; i < length; i++)
            {
                plain[i] = plain[i] < least ? (byte)0 : plain[i];
            }

            byte[] coded = Encode(plain);
            Assert.DoesNotContain((byte)0, coded);
            Assert.True(Convert.ToHexString(plain) == Decode(coded), $"seed {seed}, length {length}");
        }
    }

    [Fact]
    public void Frames_encode_to_the_vectors_bytes_and_read_back()
    {
        foreach (JsonElement item in Vectors.Of("frames"))
        {
            Frame frame = new((FrameType)item.Hex("type")[0], (FrameFlags)item.GetProperty("flags").GetInt32(), item.GetProperty("txn").GetByte(), item.Hex("payload"));
            Assert.Equal(item.Text("wire"), Convert.ToHexString(frame.ToWire()));

            ReadOnlySpan<byte> bytes = item.Hex("wire");
            FrameReader reader = new(new DropCounters(), fromGateway: item.Text("from") == "gateway");
            Assert.True(reader.TryRead(ref bytes, out Frame read), item.Text("name"));
            Assert.Equal((frame.Type, frame.Flags, frame.Txn), (read.Type, read.Flags, read.Txn));
            Assert.Equal(frame.Payload, read.Payload);
        }
    }

    [Fact]
    public void Every_message_of_a_gateway_reads()
    {
        foreach (JsonElement item in Vectors.Of("frames").Where(item => item.Text("from") == "gateway" && item.GetProperty("flags").GetInt32() == 0))
        {
            var type = (FrameType)item.Hex("type")[0];
            Assert.True(GatewayMessageReader.Knows(type), item.Text("name"));
            Assert.NotNull(GatewayMessageReader.Read(type, item.Hex("payload")));
        }
    }

    [Fact]
    public void Messages_of_the_gateway_say_what_the_vectors_say()
    {
        var welcome = (GatewayMessage.Welcome)Read("WELCOME");
        Assert.Equal(("gateway-1", Epoch, 5UL, (byte)8, (ushort)1024), (welcome.Gateway, welcome.Epoch, welcome.Durable, welcome.Window, welcome.MaxBody));

        var issued = (GatewayMessage.Ack)Read("ACK with ISSUED");
        Assert.Equal(6UL, issued.Durable);
        Assert.Equal(
            new AckResult(6, RecordResult.Issued("M1-26-ABCDE-00000000106", "C26MAA", 106, "https://tracuu.example/M1-26-ABCDE-00000000106")),
            Assert.Single(issued.Results));

        var held = (GatewayMessage.Ack)Read("ACK with HELD and RECORDED");
        Assert.Equal(
            [new(7, RecordResult.Held(1, "line 3: tax class 9, expected 1..7")), new(8, RecordResult.Recorded())], held.Results);

        Assert.Equal(new GatewayMessage.Get(Epoch, 6, 7), Read("GET"));
        Assert.Equal(new GatewayMessage.Ping(uint.MaxValue), Read("PING of the gateway"));
        Assert.Equal(new GatewayMessage.Busy(Epoch, 6, 2000), Read("BUSY for a record"));
        Assert.Equal(6UL, ((GatewayMessage.Nak)Read("NAK 1 gap")).Expected);
        Assert.Equal((uint?)60_000, ((GatewayMessage.Nak)Read("NAK 6 not paired")).Wait);
    }

    [Fact]
    public void Messages_of_the_register_are_those_of_the_vectors()
    {
        Assert.Equal(Payload("HAVE, present"), RegisterMessages.Have(Epoch, 6, 7, present: true));
        Assert.Equal(Payload("HAVE, not present"), RegisterMessages.Have(Epoch, 6, 7, present: false));
        Assert.Equal(Payload("PING of the register"), RegisterMessages.Counter(1));
        Assert.Equal(Payload("PONG of the register"), RegisterMessages.Counter(uint.MaxValue));
        Assert.Equal(Payload("STATUS"), RegisterMessages.Status(3, 2, Faults.None, Clock));
        Assert.Equal(
            Payload("ERROR of the register"),
            RegisterMessages.Error(ErrorReason.NotPossible, FrameType.Get, "GET beyond the newest record", null));

        byte[] nonce = [.. Enumerable.Range(0x10, 16).Select(b => (byte)b)];
        Assert.Equal(Payload("HELLO"), RegisterMessages.Hello(new HelloContent("SIM-0001", Epoch, 3, 1, 7, 5, Clock, 1024, nonce)));
    }

    [Fact]
    public void Record_hashes_are_those_of_the_vectors()
    {
        foreach (JsonElement item in Vectors.Of("records"))
        {
            ulong epoch = Convert.ToUInt64(item.Text("epoch"), 16);
            Assert.Equal(item.Text("hash"), Convert.ToHexString(RecordHash.Of(epoch, item.GetProperty("seq").GetUInt64(), item.Hex("record"))));
        }
    }

    [Fact]
    public void Records_are_cut_into_fragments_as_the_vectors_do()
    {
        foreach (JsonElement item in Vectors.Of("fragmented"))
        {
            byte[]? recovered = item.TryGetProperty("recovered", out JsonElement hex) && hex.GetString() is string text ? Convert.FromHexString(text) : null;
            List<byte[]> wires = RecordFrames.Of(
                Convert.ToUInt64(item.Text("epoch"), 16), item.GetProperty("seq").GetUInt64(), item.Hex("record"), recovered, item.GetProperty("maxBody").GetInt32());
            Assert.Equal(item.GetProperty("wires").EnumerateArray().Select(wire => wire.GetString()), wires.Select(Convert.ToHexString));
        }
    }

    [Fact]
    public void Fragments_of_every_length_put_together_are_the_record_and_fit_their_body()
    {
        byte[] record = new byte[3000];
        new Random(1).NextBytes(record);
        foreach (byte[]? recovered in new[] { null, [], new byte[150] })
        {
            for (int length = 1; length <= record.Length; length += length > 400 && length % 500 > 40 ? 23 : 1)
            {
                List<byte> together = [];
                FrameReader reader = new(new DropCounters(), fromGateway: false) { MaxBody = 512 };
                foreach (byte[] wire in RecordFrames.Of(Epoch, 9, record.AsSpan(0, length), recovered, 512))
                {
                    ReadOnlySpan<byte> bytes = wire;
                    Assert.True(reader.TryRead(ref bytes, out Frame frame), $"length {length}");
                    TlvReader tlvs = new(frame.Payload, [Tag.Epoch, Tag.Seq, Tag.Fragment, Tag.RecordLength, Tag.Record, Tag.Recovered]);
                    Assert.NotEmpty(tlvs.Bytes(Tag.Record));
                    Assert.Equal(recovered is not null && !frame.Flags.HasFlag(FrameFlags.More), tlvs.Has(Tag.Recovered));
                    together.AddRange(tlvs.Bytes(Tag.Record));
                }

                Assert.Equal(record.AsSpan(0, length), together.ToArray().AsSpan());
            }
        }
    }

    [Fact]
    public void Bad_runs_are_counted_as_the_vectors_say()
    {
        string[] framing = ["oversize", "cobs", "short", "length", "crc", "version", "flags", "direction"];
        int tried = 0;
        foreach (JsonElement item in Vectors.Of("bad").Where(item => framing.Contains(item.Text("counter"))))
        {
            DropCounters counters = new();
            FrameReader reader = new(counters, fromGateway: false);
            ReadOnlySpan<byte> bytes = item.Hex("wire");
            Assert.False(reader.TryRead(ref bytes, out _), item.Text("name"));
            FrameDrop expected = Enum.Parse<FrameDrop>(item.Text("counter"), ignoreCase: true);
            Assert.True(counters[expected] == 1, $"{item.Text("name")}: {expected} is {counters[expected]}");
            tried++;
        }

        Assert.True(tried >= 10, $"{tried} vectors");
    }

    /// <summary>
    /// <see cref="Session.ExchangeTests"/> reads the exchanges, <see cref="Session.SessionSealTests"/> what is sealed; the rest is read here. Of
    /// the bad runs a register judges those that fail before the type is looked at: the others are a gateway's to answer.
    /// </summary>
    [Fact]
    public void No_section_of_the_vectors_is_left_out()
    {
        string[] read = ["crc32c", "cobs", "cobsAccepted", "cobsRefused", "records", "frames", "fragmented", "bad", "exchanges", "sealBad"];
        string[] counters = ["oversize", "cobs", "short", "length", "crc", "version", "flags", "direction", "type", "seal", "payload", "session", "fragment", "gap", "late"];

        Assert.Equal(read.Order(StringComparer.Ordinal), Vectors.Sections.Order(StringComparer.Ordinal));
        Assert.All(Vectors.Of("bad"), item => Assert.Contains(item.Text("counter"), counters));
    }

    [Fact]
    public void Payloads_that_break_the_rules_of_tlvs_are_malformed()
    {
        byte[][] malformed =
        [
            [0x1B], [0x1B, 0x04, 1, 2, 3], [0x1B, 0x03, 1, 2, 3], [0x1B, 0x84, 0x00, 1, 2, 3, 4], [0x1B, 0x80, 0x80, 0x80, 0x00],
            [0x1B, 4, 1, 0, 0, 0, 0x1B, 4, 1, 0, 0, 0], [0x1B, 4, 1, 0, 0, 0, 0x80, 0], [0x05, 0],
        ];
        Assert.All(malformed, payload => Assert.Throws<MalformedException>(() => GatewayMessageReader.Read(FrameType.GatewayPing, payload)));
        Assert.Equal(new GatewayMessage.Ping(1), GatewayMessageReader.Read(FrameType.GatewayPing, [0x7E, 1, 0, 0x1B, 4, 1, 0, 0, 0]));
    }

    [Fact]
    public void Any_cut_of_the_stream_gives_the_same_frames()
    {
        byte[] stream = [.. Encoding.ASCII.GetBytes("Booting..."), .. Vectors.Of("frames").Where(item => item.Text("from") == "gateway").SelectMany(item => item.Hex("wire"))];
        int expected = Vectors.Of("frames").Count(item => item.Text("from") == "gateway");
        int seed = Environment.TickCount;
        Random random = new(seed);
        for (int round = 0; round < 200; round++)
        {
            FrameReader reader = new(new DropCounters());
            int frames = 0;
            for (int at = 0; at < stream.Length;)
            {
                int length = Math.Min(stream.Length - at, random.Next(1, 60));
                ReadOnlySpan<byte> part = stream.AsSpan(at, length);
                while (reader.TryRead(ref part, out _))
                {
                    frames++;
                }

                at += length;
            }

            Assert.True(frames == expected, $"seed {seed}, round {round}: {frames} of {expected}");
        }
    }

    private static byte[] Payload(string name) => Vectors.Named("frames", name).Hex("payload");

    private static GatewayMessage Read(string name) => GatewayMessageReader.Read((FrameType)Vectors.Named("frames", name).Hex("type")[0], Payload(name));

    private static byte[] Encode(byte[] plain)
    {
        byte[] coded = new byte[Cobs.MaxCoded(plain.Length) + 1];
        return coded[..Cobs.Encode(plain, coded)];
    }

    private static string? Decode(byte[] coded)
    {
        byte[] plain = new byte[coded.Length];
        return Cobs.TryDecode(coded, plain, out int length) ? Convert.ToHexString(plain.AsSpan(0, length)) : null;
    }
}

using System.Text.Json;
using FirmwareSim.Bytes;
using FirmwareSim.Messages;
using FirmwareSim.Records;
using FirmwareSim.Session;

namespace FirmwareSim.Tests.Session;

/// <summary>The vectors' whole conversations: what the register says is theirs, byte for byte.</summary>
public sealed class ExchangeTests
{
    private const ulong Epoch = 0x1122334455667788;
    private static readonly DateTimeOffset Clock = DateTimeOffset.FromUnixTimeMilliseconds(0x019F_1CB1_2800).ToOffset(TimeSpan.FromHours(7));
    private readonly FakeShelf _shelf = new() { Epoch = Epoch };
    private readonly Dictionary<ulong, byte[]> _records = [];
    private readonly Queue<string> _said = [];
    private SessionState _state = new();
    private byte[]? _pairing;
    private Caps _caps;
    private long _now = 1_000_000;

    public static TheoryData<string> Names => [.. Vectors.Of("exchanges").Select(item => item.Text("name"))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Register_speaks_as_the_vectors_do(string name)
    {
        JsonElement exchange = Vectors.Named("exchanges", name);
        JsonElement[] steps = [.. exchange.GetProperty("steps").EnumerateArray()];
        _pairing = exchange.TryGetProperty("key", out JsonElement key) && key.ValueKind == JsonValueKind.String
            ? Convert.FromHexString(key.GetString()!)
            : null;
        _caps = exchange.TryGetProperty("caps", out JsonElement caps) ? (Caps)caps.GetInt32() : Caps.Previous;
        Load(steps);
        Step(new SessionInput.LineUp());
        foreach (JsonElement step in steps)
        {
            Step(new SessionInput.Wake());
            if (step.Text("from") == "register")
            {
                if (_said.Count == 0)
                {
                    _now += Timing.FirstResend;
                    Step(new SessionInput.Wake());
                }

                Assert.True(_said.Count > 0, $"{step.Text("means")}: the register is silent");
                Assert.Equal(step.Text("wire"), _said.Dequeue());
            }
            else if (!step.Text("means").EndsWith("lost", StringComparison.Ordinal))
            {
                ReadOnlySpan<byte> bytes = step.Hex("wire");
                Assert.True(new FrameReader(new DropCounters()).TryRead(ref bytes, out Frame frame));
                Step(new SessionInput.Received(frame));
            }
        }

        Step(new SessionInput.Wake());
        Assert.Equal(Phase.Sending, _state.Phase);
        Assert.Equal(_records.Keys.DefaultIfEmpty(_shelf.Newest).Max(), _shelf.Acked);
    }

    /// <summary>A journal as the exchange's HELLO describes it, with the records and results that it speaks of.</summary>
    private void Load(JsonElement[] steps)
    {
        TlvReader hello = new(Payload(steps[0]), [Tag.Oldest, Tag.Newest, Tag.Acked, Tag.Epoch]);
        _shelf.Oldest = hello.U64(Tag.Oldest);
        _shelf.Newest = hello.U64(Tag.Newest);
        foreach (JsonElement record in Vectors.Of("records").Where(item => item.Text("epoch") == "1122334455667788"))
        {
            ulong seq = record.GetProperty("seq").GetUInt64();
            if ((seq == 6 && _shelf.Newest > 5) || (seq == 7 && hello.U64(Tag.Acked) == 7))
            {
                _records[seq] = record.Hex("record");
            }
        }

        for (ulong seq = _shelf.Oldest; seq <= hello.U64(Tag.Acked); seq++)
        {
            _shelf[seq] = SessionBench.Issued((uint)seq);
        }

        foreach (JsonElement step in steps.Where(step => step.Text("from") == "register"))
        {
            TlvReader rec = new(Payload(step), [Tag.Seq, Tag.Recovered]);
            if (rec.Has(Tag.Recovered))
            {
                _shelf[rec.U64(Tag.Seq)] = RecordResult.Read(rec.Bytes(Tag.Recovered));
            }
        }
    }

    private static byte[] Payload(JsonElement step)
    {
        ReadOnlySpan<byte> bytes = step.Hex("wire");
        Assert.True(new FrameReader(new DropCounters(), fromGateway: false).TryRead(ref bytes, out Frame frame));
        return frame.Flags.HasFlag(FrameFlags.Sealed) ? frame.Payload[..^FrameSeal.TagLength] : frame.Payload;
    }

    private void Step(SessionInput input)
    {
        byte[] nonce = [.. Enumerable.Range(0x10, 16).Select(b => (byte)b)];
        (_state, IReadOnlyList<SessionEffect> effects) =
            RegisterSession.Step(_state, input, new SessionContext(_now, Clock, nonce, "SIM-0001", 1024, _shelf)
            {
                PairingKey = _pairing,
                TakesLeases = _caps.HasFlag(Caps.Leases),
                TakesTime = _caps.HasFlag(Caps.Time),
            });
        foreach (SessionEffect effect in effects)
        {
            switch (effect)
            {
                case SessionEffect.Send { Type: FrameType.Hello } hello:
                    _said.Enqueue(Convert.ToHexString(hello.Wire));
                    Step(new SessionInput.HelloHanded());
                    break;
                case SessionEffect.Send { Type: not FrameType.Status } send:
                    _said.Enqueue(Convert.ToHexString(send.Wire));
                    break;
                case SessionEffect.SendRecord record when _records.TryGetValue(record.Seq, out byte[]? bytes):
                    RecordFrames.Of(Epoch, record.Seq, bytes, record.Recovered, record.MaxBody, record.SealKey)
                        .ForEach(wire => _said.Enqueue(Convert.ToHexString(wire)));
                    Step(new SessionInput.RecordHanded(record.Seq));
                    break;
                case SessionEffect.TakeLease take:
                    Step(new SessionInput.LeaseStored(take.Request, take.Lease.Id, _shelf.Newest));
                    break;
                case SessionEffect.Store store:
                    foreach (AckResult result in store.Results)
                    {
                        _shelf[result.Seq] = result.Result;
                    }

                    break;
            }
        }
    }
}

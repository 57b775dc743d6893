using System.Text.Json;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Session;
using Invoicing.Sales;

namespace Invoicing.Registers.Tests.Tlk.Session;

/// <summary>The session held to the vectors that every implementation of TLK/1 shares.</summary>
public sealed class VectorSessionTests
{
    public static TheoryData<string> Bad => Vectors.Names("bad");

    public static TheoryData<string> Exchanges => Vectors.Names("exchanges");

    public static TheoryData<string> Fragmented => Vectors.Names("fragmented");

    /// <summary>Bytes and frames are read by the tests of <c>Framing</c>, records by those of <c>Records</c>, <c>sealBad</c> by <see cref="SealTests"/>, the rest here.</summary>
    [Fact]
    public void No_section_of_the_vectors_is_left_out() => Assert.Equal(
        ["bad", "cobs", "cobsAccepted", "cobsRefused", "crc32c", "exchanges", "fragmented", "frames", "records", "sealBad"], Vectors.Sections.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_frame_gets_the_reaction_that_the_specification_says(string name)
    {
        JsonElement vector = Vectors.Named("bad", name);
        var bench = SessionBench.Open();
        TlkState before = bench.State;

        bench.Come(vector.Hex("wire"));

        Assert.Equal(vector.Text("counter"), Assert.Single(bench.DrainCounters()) is var counter && counter == TlkCounter.TooShort
            ? "short"
            : counter.ToString().ToLowerInvariant());
        JsonElement answer = vector.GetProperty("answer");
        List<TlkFrame> sent = bench.DrainFrames();
        if (answer.ValueKind == JsonValueKind.String)
        {
            Assert.Empty(sent);
        }
        else
        {
            TlkFrame frame = Assert.Single(sent);
            Assert.Equal(answer.Text("type"), ((byte)frame.Type).ToString("X2", null));
            Assert.Equal(answer.GetProperty("txn").GetByte(), frame.Txn);
            Assert.Equal(answer.GetProperty("reason").GetByte(), frame.Payload.Span[2]);
        }

        Assert.Empty(bench.Recording);
        Assert.Equal((before.Phase, before.Expected, before.Durable, before.Session), (bench.State.Phase, bench.State.Expected, bench.State.Durable, bench.State.Session));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void After_a_bad_frame_the_next_good_one_is_taken(string name)
    {
        var bench = SessionBench.Open();
        bench.Come(Vectors.Named("bad", name).Hex("wire"));
        bench.Drain();

        bench.Come(SessionBench.Rec(6));
        bench.Finish(SessionBench.Issued(106));

        Assert.Equal(["ACK 6: 6 ISSUED 106"], bench.Drain());
    }

    [Theory]
    [MemberData(nameof(Exchanges))]
    public void A_conversation_runs_byte_for_byte_as_the_vector_says(string name)
    {
        JsonElement exchange = Vectors.Named("exchanges", name);
        bool isSealed = exchange.TryGetProperty("key", out JsonElement key) && key.ValueKind == JsonValueKind.String;
        SessionBench bench = new(new()
        {
            Gateway = "gateway-1",
            MaxBody = 1024,
            PairingKey = isSealed ? Convert.FromHexString(key.GetString()!) : (ReadOnlyMemory<byte>?)null,
        });
        bench.Take(new TlkInput.LineUp());
        bench.Drain();
        Queue<TlkFrame> sent = new();
        foreach (JsonElement step in exchange.GetProperty("steps").EnumerateArray())
        {
            if (step.Text("from") == "register")
            {
                Assert.Empty(sent);
                bench.Come(step.Hex("wire"));
                Answer(bench);
            }
            else
            {
                if (sent.Count == 0)
                {
                    Finish(bench);
                    bench.DrainFrames().ForEach(sent.Enqueue);
                }

                Assert.True(sent.Count > 0, $"nothing was sent for {step.Text("means")}");
                Assert.Equal(step.Text("wire"), Convert.ToHexString(sent.Dequeue().ToWire()));
            }
        }

        Assert.Empty(sent);
    }

    [Theory]
    [MemberData(nameof(Fragmented))]
    public void A_fragmented_record_is_put_together_and_split_bodies_change_nothing(string name)
    {
        JsonElement vector = Vectors.Named("fragmented", name);
        bool isRecovered = vector.GetProperty("recovered").ValueKind != JsonValueKind.Null;
        SessionBench bench = isRecovered ? SessionBench.Open(durable: 6, acked: 7) : SessionBench.Open(durable: 6, acked: 6);

        foreach (JsonElement wire in vector.GetProperty("wires").EnumerateArray())
        {
            Assert.Empty(bench.Recording);
            bench.Come(Convert.FromHexString(wire.GetString()!));
        }

        RegisterRecord record = Assert.Single(bench.Recording).Content;
        Assert.Equal(vector.Text("record"), Convert.ToHexString(record.Bytes.Span[16..]));
        Assert.Equal(Vectors.Of("records").ElementAt(1).Text("hash"), Convert.ToHexString(record.Hash.ToArray()));
        Assert.Equal(isRecovered ? 107 : null, record.Recovered?.Number);
        Assert.NotNull(record.Sale);
    }

    /// <summary>The recorder of the conversations: WELCOME says durable 5.</summary>
    private static void Answer(SessionBench bench)
    {
        foreach (TlkEffect.Ask _ in bench.Asked)
        {
            bench.Stand(new RegisterStanding.Open(5));
        }

        bench.Asked.Clear();
    }

    private static void Finish(SessionBench bench)
    {
        if (bench.Clocks.Count > 0)
        {
            bench.Take(new TlkInput.ClockRead(bench.Clocks[0].Session, DateTimeOffset.FromUnixTimeMilliseconds(1782892801250).ToOffset(TimeSpan.FromHours(7))));
            bench.Clocks.Clear();
            return;
        }

        if (bench.Offers.Count > 0)
        {
            bench.Take(new TlkInput.LeaseOffered(bench.Offers[0].Session, UpkeepTests.Offer));
            bench.Offers.Clear();
        }

        // All that waits is committed as one group: the outcomes come in one go, and so do the results.
        while (bench.Gaps.Count > 0)
        {
            bench.FinishGap(new RecordOutcome.Recorded());
        }

        for (int last = bench.Recording.Count - 1; last >= 0; last--)
        {
            TlkEffect.Record record = bench.Recording[last];
            bench.Recording.RemoveAt(last);
            bench.Take(new TlkInput.Done(record.Ticket, SessionBench.Issued(100 + (int)record.Content.Key.Sequence)));
        }
    }
}

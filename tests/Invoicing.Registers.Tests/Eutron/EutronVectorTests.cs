using System.Text;
using System.Text.Json;
using Invoicing.Registers.Eutron.Framing;
using Invoicing.Registers.Eutron.Records;

namespace Invoicing.Registers.Tests.Eutron;

/// <summary>tests/vectors/eutron/vectors.json, both ways.</summary>
public sealed class EutronVectorTests
{
    private static readonly JsonElement[] All =
        [.. JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "eutron.json"))).RootElement.EnumerateArray()];

    public static TheoryData<string> Serial => [.. Names(kind => kind != "tcp")];

    public static TheoryData<string> Tcp => [.. Names(kind => kind == "tcp")];

    public static TheoryData<string> Records => [.. Names(kind => kind is "record" or "register")];

    [Fact]
    public void There_are_vectors_of_every_kind() =>
        Assert.Equal(["command", "end", "plu", "record", "register", "tcp"], All.Select(Kind).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Serial))]
    public void A_frame_is_taken_apart_and_put_together_again(string name)
    {
        byte[] wire = Wire(name);

        EutronReceiver receiver = new();
        Assert.Equal(Heard.Start, receiver.Take(wire[0]));
        Heard[] heard = [.. wire.Skip(1).Select(receiver.Take)];

        Assert.All(heard[..^1], next => Assert.Equal(Heard.Nothing, next));
        Assert.Equal(Heard.Record, heard[^1]);
        Assert.Equal(wire[2..^1], receiver.Data.ToArray());
        Assert.Equal(wire[1..], EutronFrame.Encode(receiver.Data.Span));
        if (Kind(Named(name)) == "command")
        {
            JsonElement means = Named(name).GetProperty("means");
            Assert.Equal(
                receiver.Data.ToArray(), EutronFrame.Command(means.GetProperty("letter").GetString()![0], means.GetProperty("type").GetUInt16()));
        }
    }

    [Theory]
    [MemberData(nameof(Serial))]
    public void A_frame_with_any_byte_changed_is_broken_or_another_one_and_never_the_same(string name)
    {
        byte[] wire = Wire(name);
        for (int at = 1; at < wire.Length; at++)
        {
            byte[] flipped = [.. wire];
            flipped[at] ^= 0x04;
            EutronReceiver receiver = new();
            Heard last = Heard.Nothing;
            foreach (byte next in flipped)
            {
                last = receiver.Take(next);
                Assert.NotEqual(Heard.Record, last);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void A_record_says_what_the_vector_means(string name)
    {
        JsonElement means = Named(name).GetProperty("means");
        var record = FlowRecord.Read(Wire(name).AsMemory(3..^1));
        if (Kind(Named(name)) == "register")
        {
            Assert.Equal(FlowType.EcrNumber, record.Type);
            Assert.Equal(means.GetProperty("register").GetInt32() + (256 * means.GetProperty("location").GetInt32()), record.Ecr);
            return;
        }

        Assert.Equal(means.GetProperty("number").GetInt32(), (int)record.Type);
        Assert.Equal(means.GetProperty("negative").GetBoolean(), record.IsNegative);
        Assert.Equal(means.GetProperty("cancelled").GetBoolean(), record.IsCancelled);
        Assert.Equal(record.Bytes.Length, FlowRecord.LengthOf(record.Bytes.Span));
        Same(means, "amount", record.Amount);
        Same(means, "quantity_thousandths", means.TryGetProperty("quantity_thousandths", out _) ? record.Quantity : null);
        Same(means, "plu", record.Article);
        Same(means, "department", means.TryGetProperty("department", out _) ? record.Department : null);
        Same(means, "receipt", means.TryGetProperty("receipt", out _) ? record.Receipt : null);
        Same(means, "operator", means.TryGetProperty("operator", out _) ? record.Operator : null);
        Same(means, "tax_amount", record.Type == FlowType.Tax ? record.Tax : null);
        Same(means, "rate_hundredths", record.Type == FlowType.Tax ? record.Rate : null);
        if (record.Type is FlowType.Register or FlowType.End)
        {
            Assert.Equal(means.GetProperty("at").GetDateTime(), record.Time);
        }

        if (means.TryGetProperty("net_id", out JsonElement netId))
        {
            Assert.Equal(netId.GetString(), record.Text);
        }

        if (means.TryGetProperty("tenders", out JsonElement tenders))
        {
            Assert.Equal(
                tenders.EnumerateArray().Select(part => (
                    part.GetProperty("index").GetInt32(),
                    (long?)(part.GetProperty("negative").GetBoolean() ? -1 : 1) * part.GetProperty("amount").GetInt64())),
                record.Tenders);
        }

        if (means.TryGetProperty("signed_amount", out JsonElement signed))
        {
            Assert.Equal(signed.GetInt64(), record.IsNegative != record.IsCancelled ? -record.Amount : record.Amount);
        }
    }

    [Fact]
    public void A_row_of_the_table_names_its_article()
    {
        var table = PluTable.Of([Wire("PLU table record").AsMemory(2..^1)], Encoding.Latin1);
        Assert.Equal("Ca phe sua da", table.NameOf(1));
        Assert.Equal("Ca phe sua da", PluTable.Of(PluTable.Split(PluTable.Join([Wire("PLU table record").AsMemory(2..^1)])), Encoding.Latin1).NameOf(1));
        Assert.Null(table.NameOf(2));
    }

    [Theory]
    [MemberData(nameof(Tcp))]
    public void A_packet_is_taken_apart_at_any_byte_and_put_together_again(string name)
    {
        byte[] wire = Wire(name);
        JsonElement means = Named(name).GetProperty("means");
        for (int split = 0; split < wire.Length; split++)
        {
            ReadOnlySpan<byte> part = wire.AsSpan(..split);
            Assert.False(TcpPacket.TryRead(ref part, out _));
        }

        ReadOnlySpan<byte> whole = wire;
        Assert.True(TcpPacket.TryRead(ref whole, out TcpPacket packet));
        Assert.True(whole.IsEmpty);
        Assert.Equal(means.GetProperty("letter").GetString()![0], (char)packet.Letter);
        Assert.Equal(means.GetProperty("sequence").GetUInt16(), packet.Sequence);
        Assert.Equal(means.GetProperty("data").GetString(), Convert.ToHexString(packet.Data.Span));
        Assert.Equal(wire, packet.ToWire());
    }

    private static void Same(JsonElement means, string key, long? found)
    {
        if (means.TryGetProperty(key, out JsonElement expected))
        {
            Assert.Equal(expected.GetInt64(), found);
        }
    }

    private static IEnumerable<string> Names(Func<string, bool> isWanted) =>
        All.Where(vector => isWanted(Kind(vector))).Select(vector => vector.GetProperty("name").GetString()!);

    private static JsonElement Named(string name) => All.Single(vector => vector.GetProperty("name").GetString() == name);

    private static string Kind(JsonElement vector) => vector.GetProperty("means").GetProperty("kind").GetString()!;

    private static byte[] Wire(string name) => Convert.FromHexString(Named(name).GetProperty("wire").GetString()!);
}

using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Invoicing.Registers.Datecs.Push;
using Invoicing.Sales;

namespace Invoicing.Registers.Tests.Datecs;

/// <summary>Packets of registers that push, against the golden vectors.</summary>
public sealed class PushPacketTests
{
    private static readonly Encoding Cyrillic = CodePagesEncodingProvider.Instance.GetEncoding(1251)!;

    public static TheoryData<string> Packets => DatecsVectors.Names(means => means.GetProperty("dialect").GetString() == "push");

    [Theory]
    [MemberData(nameof(Packets))]
    public void A_packet_is_read_and_written_as_its_vector_says_split_at_every_byte(string name)
    {
        JsonElement vector = DatecsVectors.Named(name);
        JsonElement means = vector.GetProperty("means");
        byte[] wire = DatecsVectors.Wire(vector);
        for (int i = 0; i < wire.Length; i++)
        {
            PushDecoder decoder = new();
            PushPacket packet = Assert.Single(PushScript.Decode(decoder, wire[..i], wire[i..]));
            Assert.Null(decoder.Fault);
            Assert.Equal(
                (means.GetProperty("set").GetByte(), means.GetProperty("operation").GetByte(), means.GetProperty("log").GetByte(), means.GetProperty("error").GetByte()),
                (packet.Set, packet.Operation, packet.Log, packet.Error));
            Assert.Equal(means.GetProperty("data").GetString(), Cyrillic.GetString(packet.Content.Span));
            Assert.Equal(wire, packet.ToBytes());
        }
    }

    [Fact]
    public void An_answer_for_goods_is_written_as_its_vector_says()
    {
        PushPacket answer = GoodsAnswer.Of("101", 8, new("Cà phê sữa đá", 2, 29000), ';');
        Assert.Equal(DatecsVectors.Wire(DatecsVectors.Named("push PLU answer")), answer.ToBytes());
        Assert.Equal(DatecsVectors.Wire(DatecsVectors.Named("push PLU refused")), GoodsAnswer.Of("101", 8, null, ';').ToBytes());
    }

    [Theory]
    [InlineData("04")]
    [InlineData("FF")]
    [InlineData("0501010100")]
    public void A_stream_that_is_none_is_named_and_left(string hex)
    {
        PushDecoder decoder = new();
        Assert.Empty(PushScript.Decode(decoder, Convert.FromHexString(hex)));
        Assert.StartsWith("expected ", decoder.Fault, StringComparison.Ordinal);
        Assert.Empty(PushScript.Decode(decoder, DatecsVectors.Wire(DatecsVectors.Named("push item"))));
    }

    public static TheoryData<string> Events => DatecsVectors.Names(means => DatecsVectors.Is(means, "push", "register") && means.GetProperty("fields").TryGetProperty("register", out _));

    [Theory]
    [MemberData(nameof(Events))]
    public void Fields_of_an_event_are_read_as_its_vector_says(string name)
    {
        JsonElement vector = DatecsVectors.Named(name);
        JsonElement means = vector.GetProperty("means");
        PushFields fields = new(Assert.Single(PushScript.Decode(new PushDecoder(), DatecsVectors.Wire(vector))), Separator(means), Cyrillic);
        string? fault = null;
        foreach (JsonProperty field in means.GetProperty("fields").EnumerateObject())
        {
            object? read = field.Name switch
            {
                "register" => fields.Register,
                "sequence" => fields.Cycle,
                "receipt" => fields.Receipt,
                "transaction" => fields.Place,
                "counter" => fields.Counter,
                "code" or "department" or "type" => fields.Text(2),
                "price" => fields.Amount(3, 0, field.Name, ref fault).Dong,
                "amount" when means.GetProperty("event").GetString() == "discount" => fields.Amount(3, 0, field.Name, ref fault).Dong,
                "amount" => fields.Amount(10, 0, field.Name, ref fault).Dong,
                "quantity" or "value" => fields.Text(4),
                "discount" => fields.Text(5),
                "operator" => fields.Text(3),
                "bill" => fields.Text(4),
                "z" => fields.Text(8),
                "tender" => fields.Text(11),
                _ => throw new InvalidOperationException($"expected a field that is known, found {field.Name}"),
            };
            Assert.Equal($"{field.Name}={field.Value}", $"{field.Name}={read}");
        }

        Assert.Null(fault);
    }

    /// <summary>A sale of a department, cash, an opening and a question by bar code: what each of the vectors makes of an assembler that listens.</summary>
    [Fact]
    public void Events_of_every_kind_mean_what_their_vectors_say()
    {
        PushState state = Step("push receipt opened (WP-500)", new(), out ImmutableArray<PushEffect> none);
        Assert.Empty(none);
        Assert.Equal((47ul, null, "123456"), (state.Open!.Number, state.Open.Torn, state.Open.Register));
        state = Step("push item (WP-500)", state, out _);
        Assert.Equal((0.25m, 15000m, 3750L), (state.Open!.Lines[0].Quantity, state.Open.Lines[0].UnitPrice, state.Open.Lines[0].Amount.Dong));
        Assert.Null(state.Open.Torn);

        state = Step("push department sale", new(), out _);
        Assert.Equal(("3", null, 25000L), (state.Open!.Lines[0].Department, state.Open.Lines[0].Code, state.Open.Lines[0].Amount.Dong));

        foreach ((string name, ulong number) in new[] { ("push cash into the drawer", 44ul), ("push cash out of the drawer", 45ul) })
        {
            Step(name, new(), out ImmutableArray<PushEffect> effects);
            PushReceipt cash = Assert.IsType<PushEffect.Ended>(Assert.Single(effects)).Receipt;
            Assert.Equal((true, number, RecordKind.NoSale), (cash.IsCash, cash.Number, cash.ToRecord(new(new("123456"), 1, number)).Kind));
        }

        Step("push PLU query by bar code", new(), out ImmutableArray<PushEffect> asked);
        Assert.Equal(new PushEffect.Asked("8934673573351", 9), Assert.Single(asked));
    }

    private static char Separator(JsonElement means) => means.TryGetProperty("separator", out JsonElement separator) ? separator.GetString()![0] : ';';

    private static PushState Step(string name, PushState state, out ImmutableArray<PushEffect> effects)
    {
        JsonElement vector = DatecsVectors.Named(name);
        PushAssembler assembler = new(Separator(vector.GetProperty("means")), Cyrillic, 0);
        (PushState next, effects) = assembler.Step(state, Assert.Single(PushScript.Decode(new PushDecoder(), DatecsVectors.Wire(vector))));
        return next;
    }
}

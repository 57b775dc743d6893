using System.Text;
using System.Text.Json;
using Invoicing.Registers.Datecs.Isl;
using Invoicing.Registers.Datecs.Pull;

namespace Invoicing.Registers.Tests.Datecs;

/// <summary>Frames of both dialects, against the golden vectors and against noise.</summary>
public sealed class IslFramesTests
{
    private static readonly Encoding Cyrillic = CodePagesEncodingProvider.Instance.GetEncoding(1251)!;

    public static TheoryData<string> Requests => DatecsVectors.Names(means => DatecsVectors.Is(means, "isl x", "request"));

    public static TheoryData<string> Replies =>
        DatecsVectors.Names(means => DatecsVectors.Is(means, "isl x", "reply") && means.TryGetProperty("status", out _));

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_is_written_as_its_vector_says(string name)
    {
        JsonElement vector = DatecsVectors.Named(name);
        JsonElement means = vector.GetProperty("means");
        byte[] data = Cyrillic.GetBytes(means.GetProperty("data").GetString()!);
        byte[] written = IslEncoder.Request(Dialect(means), means.GetProperty("sequence").GetByte(), means.GetProperty("command").GetInt32(), data);
        Assert.Equal(vector.GetProperty("wire").GetString(), Convert.ToHexString(written));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_that_comes_back_is_an_echo_and_no_reply(string name)
    {
        JsonElement vector = DatecsVectors.Named(name);
        JsonElement means = vector.GetProperty("means");
        IslPiece piece = Assert.Single(Decode(Dialect(means), [DatecsVectors.Wire(vector)]));
        IslFrame frame = Assert.IsType<IslPiece.Echo>(piece).Frame;
        Assert.Equal(means.GetProperty("data").GetString(), Cyrillic.GetString(frame.Data.Span));
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public void A_reply_is_read_as_its_vector_says_whole_byte_by_byte_and_split_at_every_byte(string name)
    {
        JsonElement vector = DatecsVectors.Named(name);
        byte[] wire = DatecsVectors.Wire(vector);
        RequireReply(vector, [wire]);
        RequireReply(vector, wire.Select(b => new[] { b }));
        for (int i = 1; i < wire.Length; i++)
        {
            RequireReply(vector, [wire[..i], wire[i..]]);
        }
    }

    [Fact]
    public void An_X_register_says_busy_and_refuses_a_legacy_frame()
    {
        byte[] wire = DatecsVectors.Wire(DatecsVectors.Named("x device answers a legacy frame: busy, then refused"));
        Assert.Equal([IslPiece.Busy.Sign, IslPiece.Refused.Sign], Decode(IslDialect.Legacy, [wire]));
    }

    [Theory]
    [InlineData(IslDialect.Legacy)]
    [InlineData(IslDialect.X)]
    internal void Data_may_hold_every_byte_also_the_marks(IslDialect dialect)
    {
        byte[] data = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        foreach (byte[] part in data.Chunk(60))
        {
            byte[] wire = FrameWriter.Reply(dialect, 0x33, 90, part, FrameWriter.Quiet(dialect));
            for (int i = 0; i < wire.Length; i++)
            {
                IslPiece piece = Assert.Single(Decode(dialect, [wire[..i], wire[i..]]));
                Assert.Equal(part, Assert.IsType<IslPiece.Reply>(piece).Frame.Data.ToArray());
            }
        }
    }

    [Theory]
    [InlineData(IslDialect.Legacy)]
    [InlineData(IslDialect.X)]
    internal void A_flipped_bit_anywhere_never_gives_another_reply(IslDialect dialect)
    {
        byte[] wire = FrameWriter.Reply(dialect, 0x33, 90, "0\tSale 15000.00\t"u8, FrameWriter.Quiet(dialect));
        for (int bit = 0; bit < wire.Length * 8; bit++)
        {
            byte[] damaged = [.. wire];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.DoesNotContain(Decode(dialect, [damaged]), piece => piece is IslPiece.Reply);
        }
    }

    [Theory]
    [InlineData(IslDialect.Legacy)]
    [InlineData(IslDialect.X)]
    internal void A_reply_behind_noise_that_looks_like_a_frame_is_found(IslDialect dialect)
    {
        byte[] wire = FrameWriter.Reply(dialect, 0x33, 90, "good"u8, FrameWriter.Quiet(dialect));
        byte[] noise = dialect == IslDialect.Legacy ? [0x01, 0xF0, 0x44] : [0x01, 0x30, 0x31, 0x35, 0x30, 0x44];
        IslDecoder decoder = new(dialect);
        List<IslPiece> pieces = Feed(decoder, [.. noise, .. wire]);
        while (pieces.Count == 0 && decoder.GiveUp())
        {
            pieces.AddRange(Feed(decoder, []));
        }

        Assert.Contains(pieces, piece => piece is IslPiece.Reply);
    }

    [Fact]
    public void Status_bits_are_told_in_sentences()
    {
        IslStatus status = new([0x80, 0x88, 0x80 | 0x04 | 0x08 | 0x01, 0x80, 0x80, 0x80]);
        Assert.True(status.IsReceiptOpen);
        Assert.Equal(100, status.JournalUsed);
        Assert.Contains(status.Sentences, s => s.Contains("battery", StringComparison.Ordinal));
        Assert.Contains(status.Sentences, s => s.Contains("out of paper", StringComparison.Ordinal));
        Assert.Empty(new IslStatus([0x80, 0x80, 0x80, 0x80, 0x80, 0x80]).Sentences);
        Assert.Empty(default(IslStatus).Sentences);
    }

    [Fact]
    public void Columns_of_a_row_are_read_as_the_vectors_say()
    {
        foreach (JsonElement vector in DatecsVectors.All.Where(v => v.GetProperty("means").TryGetProperty("columns", out _)))
        {
            JsonElement means = vector.GetProperty("means");
            IslFrame frame = Assert.IsType<IslPiece.Reply>(Assert.Single(Decode(IslDialect.X, [DatecsVectors.Wire(vector)]))).Frame;
            string[] expected = [.. means.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!)];
            Assert.Equal(expected, XRow.Read(XReply.Read(frame, Cyrillic, "line").Fields));
        }
    }

    [Fact]
    public void Identities_are_read_as_the_vectors_say()
    {
        foreach (JsonElement means in DatecsVectors.All.Select(v => v.GetProperty("means")).Where(m => m.TryGetProperty("fiscal_memory", out _)))
        {
            IslDialect dialect = Dialect(means);
            string[] fields = [.. means.GetProperty("fields").EnumerateArray().Select(f => f.GetString()!).Skip(dialect == IslDialect.X ? 1 : 0)];
            var identity = DatecsIdentity.Read(dialect, fields);
            Assert.Equal(means.GetProperty("serial").GetString(), identity!.Serial);
            Assert.Equal(means.GetProperty("fiscal_memory").GetString(), identity.Memory);
            Assert.Equal(means.GetProperty("model").GetString(), identity.Model);
        }
    }

    private static void RequireReply(JsonElement vector, IEnumerable<byte[]> chunks)
    {
        JsonElement means = vector.GetProperty("means");
        List<IslPiece> pieces = Decode(Dialect(means), chunks);
        int lead = means.TryGetProperty("lead", out JsonElement signs) ? signs.GetString()!.Length / 2 : 0;
        Assert.Equal(lead + 1, pieces.Count);
        Assert.All(pieces.Take(lead), piece => Assert.IsType<IslPiece.Busy>(piece));
        IslFrame frame = Assert.IsType<IslPiece.Reply>(pieces[^1]).Frame;
        Assert.Equal(means.GetProperty("sequence").GetByte(), frame.Sequence);
        Assert.Equal(means.GetProperty("command").GetInt32(), frame.Command);
        Assert.Equal(means.GetProperty("data").GetString(), Cyrillic.GetString(frame.Data.Span));
        Assert.Equal(means.GetProperty("status").GetString()!.Length / 2, frame.Status.Length);
        Assert.Equal(means.TryGetProperty("fiscal_receipt_open", out JsonElement open) && open.GetBoolean(), frame.Status.IsReceiptOpen);
    }

    private static IslDialect Dialect(JsonElement means) => means.GetProperty("dialect").GetString() == "x" ? IslDialect.X : IslDialect.Legacy;

    private static List<IslPiece> Decode(IslDialect dialect, IEnumerable<byte[]> chunks)
    {
        IslDecoder decoder = new(dialect);
        return [.. chunks.SelectMany(chunk => Feed(decoder, chunk))];
    }

    private static List<IslPiece> Feed(IslDecoder decoder, ReadOnlySpan<byte> bytes)
    {
        List<IslPiece> pieces = [];
        while (decoder.TryRead(ref bytes, out IslPiece piece))
        {
            pieces.Add(piece);
        }

        return pieces;
    }
}

using Invoicing.Registers.EscPos.Tokens;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.EscPos;

public sealed class EscPosTokenizerTests
{
    [Fact]
    public void A_receipt_is_cut_into_its_commands()
    {
        byte[] job = new JobScript().Init().Raw(0x1B, (byte)'a', 1).Line("Phở").Raw(0x09).Pulse().Cut().Bytes;

        Assert.Equal(
            ["Esc 1B40", "Esc 1B6101", "Text 5068E1BB9F", "Control 0A", "Control 09", "Esc 1B700019FA", "Gs 1D564103"], Tokens(job, job.Length));
    }

    [Fact]
    public void Commands_inside_of_a_picture_are_the_pictures()
    {
        byte[] trap = [0x10, 0x04, 0x01, 0x1B, 0x40, 0x1D, 0x56, 0x00];
        byte[] job = new JobScript().Raster(8, 4, i => trap[i % trap.Length]).Cut().Bytes;

        List<string> tokens = Tokens(job, 5);
        Assert.Equal(2, tokens.Count);
        Assert.StartsWith("Gs 1D7630", tokens[0], StringComparison.Ordinal);
        Assert.Equal("Gs 1D564103", tokens[1]);
    }

    [Fact]
    public void Unknown_commands_are_skipped_by_two_and_named() => Assert.Equal(
        ["Text 41", "Unknown 1B01", "Text 42", "Unknown 1DFE", "Unknown 01", "Unknown 10", "Text 43"],
        Tokens([0x41, 0x1B, 0x01, 0x42, 0x1D, 0xFE, 0x01, 0x10, 0x43], 1));

    [Fact]
    public void A_tab_list_without_an_end_is_read_again_from_its_third_byte()
    {
        byte[] job = [0x1B, (byte)'D', .. Enumerable.Repeat((byte)'x', 40), 0x0A];

        Assert.Equal(["Unknown 1B44", "Text " + new string('7', 80).Replace("77", "78", StringComparison.Ordinal), "Control 0A"], Tokens(job, 1));
        Assert.Equal(Tokens(job, job.Length), Tokens(job, 1));
    }

    [Fact]
    public void Long_text_is_cut_at_the_same_places_however_it_comes()
    {
        byte[] job = [.. Enumerable.Repeat((byte)'x', (EscPosTokenizer.MaxText * 2) + 10)];

        Assert.Equal(3, Tokens(job, job.Length).Count);
        Assert.Equal(Tokens(job, job.Length), Tokens(job, 1));
        Assert.Equal(Tokens(job, job.Length), Tokens(job, 1000));
    }

    [Fact]
    public void A_command_longer_than_any_printer_takes_is_passed_over_in_bounded_memory()
    {
        EscPosTokenizer tokenizer = new();
        byte[] header = [0x1D, (byte)'8', (byte)'L', 0, 0, 0, 0x10];
        long left = 0x1000_0000;
        byte[] chunk = new byte[1 << 16];
        int oversized = 0;
        Feed(tokenizer, header, ref oversized);
        while (left > 0)
        {
            int count = (int)Math.Min(left, chunk.Length);
            Feed(tokenizer, chunk.AsSpan(0, count), ref oversized);
            left -= count;
            Assert.Equal(0, tokenizer.Kept);
        }

        ReadOnlySpan<byte> rest = "A\n"u8;
        Assert.True(oversized > 1000);
        Assert.True(tokenizer.TryRead(ref rest, out EscPosToken text));
        Assert.Equal(EscPosKind.Text, text.Kind);
    }

    [Fact]
    public void The_end_of_the_stream_gives_text_as_it_is_and_names_a_torn_command()
    {
        Assert.Equal(["Text 4142"], Tokens("AB"u8.ToArray(), 2));
        Assert.Equal(["Torn 1D5641"], Tokens([0x1D, 0x56, 0x41], 1));
        Assert.Equal(["Torn 1B"], Tokens([0x1B], 1));
    }

    [Theory]
    [InlineData("1D5601", true, false, false)]
    [InlineData("1B69", true, false, false)]
    [InlineData("1B6D", true, false, false)]
    [InlineData("1B700019FA", false, true, false)]
    [InlineData("1014010001", false, true, false)]
    [InlineData("100401", false, false, true)]
    [InlineData("1D7201", false, false, true)]
    [InlineData("1D4901", false, false, true)]
    [InlineData("1D61FF", false, false, true)]
    [InlineData("1D6900", false, false, false)]
    [InlineData("1B6100", false, false, false)]
    public void Cuts_pulses_and_questions_are_known(string hex, bool isCut, bool isPulse, bool isRequest)
    {
        ReadOnlySpan<byte> input = Convert.FromHexString(hex);
        Assert.True(new EscPosTokenizer().TryRead(ref input, out EscPosToken token));

        Assert.Equal((isCut, isPulse, isRequest), (token.IsCut, token.IsPulse, token.IsRequest));
    }

    [Fact]
    public void Any_chunking_of_any_bytes_gives_the_same_tokens() => Seeded.Run(2_000, random =>
    {
        byte[] job = EscPosNoise.Mutate(EscPosNoise.Base(random), random);
        List<string> whole = Tokens(job, job.Length);
        Assert.Equal(whole, Tokens(job, () => random.Next(1, 40)));
        Assert.Equal(job, Convert.FromHexString(string.Concat(whole.Select(token => token.Split(' ')[1]))));
    });

    internal static List<string> Tokens(byte[] bytes, int chunk) => Tokens(bytes, () => chunk);

    /// <summary>Kind and bytes of each token; pieces of an oversized command put together.</summary>
    internal static List<string> Tokens(byte[] bytes, Func<int> chunk)
    {
        EscPosTokenizer tokenizer = new();
        List<string> tokens = [];
        for (int at = 0; at < bytes.Length;)
        {
            int count = Math.Min(Math.Max(1, chunk()), bytes.Length - at);
            ReadOnlySpan<byte> input = bytes.AsSpan(at, count);
            at += count;
            while (tokenizer.TryRead(ref input, out EscPosToken token))
            {
                Add(tokens, token);
            }
        }

        if (tokenizer.TryFlush(out EscPosToken last))
        {
            Add(tokens, last);
        }

        return tokens;
    }

    private static void Add(List<string> tokens, EscPosToken token)
    {
        string hex = Convert.ToHexString(token.Bytes);
        if (token.Kind == EscPosKind.Oversized && tokens.Count > 0 && tokens[^1].StartsWith("Oversized ", StringComparison.Ordinal))
        {
            tokens[^1] += hex;
        }
        else
        {
            tokens.Add($"{token.Kind} {hex}");
        }
    }

    private static void Feed(EscPosTokenizer tokenizer, ReadOnlySpan<byte> input, ref int oversized)
    {
        while (tokenizer.TryRead(ref input, out EscPosToken token))
        {
            oversized += token.Kind == EscPosKind.Oversized ? 1 : 0;
        }
    }
}

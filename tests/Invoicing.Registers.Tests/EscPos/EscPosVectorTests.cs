using System.Globalization;
using System.Text;
using System.Text.Json;
using Invoicing.Registers.EscPos.Tokens;
using Invoicing.Registers.Text;

namespace Invoicing.Registers.Tests.EscPos;

/// <summary>The golden vectors of registers.md §2.1 and §2.5, which every implementation is held to.</summary>
public sealed class EscPosVectorTests
{
    private static readonly JsonElement Root =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "escpos.json"))).RootElement;

    [Fact]
    public void Every_command_is_one_token_of_its_length()
    {
        foreach (JsonElement command in Of("commands"))
        {
            byte[] bytes = Hex(command);
            Assert.Equal((command.ToString(), bytes.Length), (command.ToString(), command.GetProperty("length").GetInt32()));
            EscPosTokenizer tokenizer = new();
            ReadOnlySpan<byte> input = [.. bytes, (byte)'A', 0x0A];
            Assert.True(tokenizer.TryRead(ref input, out EscPosToken token));
            Assert.Equal((command.ToString(), Convert.ToHexString(bytes)), (command.ToString(), Convert.ToHexString(token.Bytes)));
            Assert.NotEqual(EscPosKind.Unknown, token.Kind);
        }
    }

    [Fact]
    public void Every_code_of_the_tables_is_its_letter_and_every_letter_its_code()
    {
        foreach (JsonElement row in Of("tables"))
        {
            var page = CodePage.Named(row.GetProperty("page").GetString()!);
            int code = int.Parse(row.GetProperty("from").GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            foreach (char letter in row.GetProperty("row").GetString()!)
            {
                Assert.Equal((page.Name, code, letter == ' ' ? CodePage.Undefined : letter), (page.Name, code, page[(byte)code]));
                if (letter != ' ')
                {
                    Assert.True(page.TryEncode(letter, out byte written));
                    Assert.Equal((page.Name, letter, (byte)code), (page.Name, letter, written));
                }

                code++;
            }
        }
    }

    [Fact]
    public void Every_text_is_its_bytes_both_ways()
    {
        foreach (JsonElement text in Of("texts"))
        {
            var page = CodePage.Named(text.GetProperty("page").GetString()!);
            string said = text.GetProperty("text").GetString()!;
            string written = Convert.ToHexString(CodePageEncoder.Encode(page, said));

            // Windows-1258 has some letters with their tone as one code, and programs write them either way.
            Assert.Equal(text.TryGetProperty("composed", out JsonElement composed) ? composed.GetString() : text.GetProperty("hex").GetString(), written);
            Assert.Equal(said, CodePageDecoder.Line(page, Convert.FromHexString(written)));
            Assert.Equal(said, CodePageDecoder.Line(page, Hex(text)));
            StringBuilder byByte = new();
            ComposingDecoder decoder = new(page);
            foreach (byte value in Hex(text))
            {
                decoder.Decode([value], byByte);
            }

            decoder.Flush(byByte);
            Assert.Equal(said, byByte.ToString());
        }
    }

    private static byte[] Hex(JsonElement element) => Convert.FromHexString(element.GetProperty("hex").GetString()!);

    private static JsonElement.ArrayEnumerator Of(string section) => Root.GetProperty(section).EnumerateArray();
}

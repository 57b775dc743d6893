using System.Globalization;
using System.Text.Json;
using FirmwareSim.EscPos;
using FirmwareSim.Printing;

namespace FirmwareSim.Tests.EscPos;

/// <summary>The golden vectors of registers.md §2.1 and §2.5, which every implementation is held to.</summary>
public sealed class EscPosVectorTests
{
    private static readonly Lazy<JsonElement> File =
        new(() => JsonDocument.Parse(System.IO.File.ReadAllBytes(Vectors.Find("vectors/escpos/vectors.json"))).RootElement);

    [Fact]
    public void Every_command_is_as_long_as_the_table_says_and_told_so_at_its_last_byte()
    {
        foreach (JsonElement command in Of("commands"))
        {
            byte[] bytes = command.Hex("hex");
            int length = command.GetProperty("length").GetInt32();
            for (int count = 1; count < length; count++)
            {
                Assert.True((CommandLengths.Of(bytes.AsSpan(0, count)) ?? long.MaxValue) > count, $"{command} at {count}");
            }

            Assert.Equal((command.ToString(), (long)length), (command.ToString(), CommandLengths.Of([.. bytes, 0x41, 0x1B, 0x00])!.Value));
        }
    }

    [Fact]
    public void Every_letter_of_the_tables_is_written_as_its_code()
    {
        foreach (JsonElement row in Of("tables").Where(row => row.Text("page").StartsWith("tcvn3", StringComparison.Ordinal)))
        {
            int code = int.Parse(row.Text("from"), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            foreach (char letter in row.Text("row"))
            {
                if (letter != ' ')
                {
                    Assert.Equal((letter, (byte)code), (letter, TextCoder.Encode(letter.ToString(), Charset.Tcvn3)[^1]));
                }

                code++;
            }
        }
    }

    [Fact]
    public void Every_text_is_written_as_its_bytes()
    {
        foreach (JsonElement text in Of("texts"))
        {
            byte[]? written = text.Text("page") switch
            {
                "cp1258" => TextCoder.Encode(text.Text("text"), Charset.Cp1258, mayWrite: false),
                "tcvn3-1" => TextCoder.Encode(text.Text("text"), Charset.Tcvn3, mayWrite: false),
                "utf-8" => TextCoder.Encode(text.Text("text"), Charset.Utf8),
                _ => WithoutPages(TextCoder.Encode(text.Text("text"), Charset.Tcvn3)),
            };
            Assert.Equal(text.Text("hex"), Convert.ToHexString(written));
        }
    }

    /// <summary>Takes ESC t n out.</summary>
    private static byte[] WithoutPages(byte[] bytes)
    {
        List<byte> left = [];
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == 0x1B)
            {
                i += 2;
                continue;
            }

            left.Add(bytes[i]);
        }

        return [.. left];
    }

    private static JsonElement.ArrayEnumerator Of(string section) => File.Value.GetProperty(section).EnumerateArray();
}

using Invoicing.Registers.EscPos.Tokens;

namespace Invoicing.Registers.Tests.EscPos;

/// <summary>The table of registers.md §2.1, row by row.</summary>
public sealed class EscPosLengthTests
{
    public static TheoryData<string, int> Fixed
    {
        get
        {
            TheoryData<string, int> rows = [];
            Add(rows, "1B", "\f2<@LSimqv45", 2);
            Add(rows, "1B", " !%-3=?CEFGJKMRTUVadertu{", 3);
            Add(rows, "1B", "$/\\fc", 4);
            Add(rows, "1B", "p", 5);
            Add(rows, "1B", "W", 10);
            Add(rows, "1D", ":", 2);
            Add(rows, "1D", "!/BEHITabfhjrw", 3);
            Add(rows, "1D", "$LPW\\", 4);
            Add(rows, "1D", "^z", 5);
            Add(rows, "1D", "g", 6);
            Add(rows, "1C", "&.", 2);
            Add(rows, "1C", "!-CW", 3);
            Add(rows, "1C", "Sp?", 4);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Fixed))]
    public void A_command_of_fixed_length_has_it(string head, int length)
    {
        byte[] command = [.. Convert.FromHexString(head), .. new byte[16]];
        for (int count = 2; count <= command.Length; count++)
        {
            Assert.Equal(Measure.Total(length), EscPosLength.Of(command.AsSpan(0, count)));
        }
    }

    [Theory]
    [InlineData("10 04 01", 3)]
    [InlineData("10 04 07 01", 4)]
    [InlineData("10 04 08 01", 4)]
    [InlineData("10 04 12 01", 4)]
    [InlineData("10 05 01", 3)]
    [InlineData("10 14 01 00 01", 5)]
    [InlineData("10 14 02 01 08", 5)]
    [InlineData("10 14 03 00 00 00 00 00", 8)]
    [InlineData("10 14 07 01", 4)]
    [InlineData("10 14 08 01 03 14 01 06 02 08", 10)]
    [InlineData("1B 44 08 10 18 00", 6)]
    [InlineData("1B 44 00", 3)]
    [InlineData("1B 2A 00 03 00 AA BB CC", 8)]
    [InlineData("1B 2A 01 02 00 AA BB", 7)]
    [InlineData("1B 2A 20 01 00 AA BB CC", 8)]
    [InlineData("1B 2A 21 01 00 AA BB CC", 8)]
    [InlineData("1B 28 41 02 00 61 62", 7)]
    [InlineData("1B 26 03 20 21 01 AA BB CC 00", 10)]
    [InlineData("1D 28 6B 03 00 31 51 30", 8)]
    [InlineData("1D 38 4C 02 00 00 00 30 32", 9)]
    [InlineData("1D 2A 01 01 00 00 00 00 00 00 00 00", 12)]
    [InlineData("1D 76 30 00 01 00 02 00 AA BB", 10)]
    [InlineData("1D 51 30 00 01 00 02 00 AA BB", 10)]
    [InlineData("1D 56 00", 3)]
    [InlineData("1D 56 31", 3)]
    [InlineData("1D 56 41 03", 4)]
    [InlineData("1D 56 62 03", 4)]
    [InlineData("1D 56 68 03", 4)]
    [InlineData("1D 6B 04 31 32 00", 6)]
    [InlineData("1D 6B 00 00", 4)]
    [InlineData("1D 6B 41 02 31 32", 6)]
    [InlineData("1D 6B 4F 00", 4)]
    [InlineData("1D 43 30 04 01", 5)]
    [InlineData("1D 43 31 01 00 02 00 01 01", 9)]
    [InlineData("1D 43 32 01 00", 5)]
    [InlineData("1D 43 3B 31 3B 32 3B 31 3B 31 3B 31 3B", 13)]
    [InlineData("1C 28 41 01 00 30", 6)]
    [InlineData("1C 67 31 00 00 00 00 00 02 00 41 42", 12)]
    [InlineData("1C 67 32 00 00 00 00 00 02 00", 10)]
    [InlineData("1C 71 01 01 00 01 00 00 00 00 00 00 00 00 00", 15)]
    public void A_command_that_says_its_length_is_measured_at_its_last_byte_and_not_before(string hex, int length)
    {
        byte[] command = Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal));
        Assert.Equal(length, command.Length);
        for (int count = 1; count < length; count++)
        {
            Measure early = EscPosLength.Of(command.AsSpan(0, count));
            Assert.True(early.State != MeasureState.Unknown && early.Length > count && early.Length <= length, $"{count} of {length}: {early}");
        }

        Assert.Equal(Measure.Total(length), EscPosLength.Of([.. command, 0x41, 0x1B, 0x00]));
    }

    [Theory]
    [InlineData("1B 01")]
    [InlineData("1B FF")]
    [InlineData("1D 00")]
    [InlineData("1C 41")]
    [InlineData("1B 2A 30 01 00")]
    [InlineData("1B 26 03 21 20")]
    [InlineData("1D 56 02")]
    [InlineData("1D 6B 07")]
    [InlineData("1D 6B 50")]
    [InlineData("1D 76 31")]
    [InlineData("1D 38 4D 00 00 00 00")]
    [InlineData("10 14 09")]
    public void What_the_table_does_not_have_is_skipped_by_two(string hex) =>
        Assert.Equal(Measure.Unknown(2), EscPosLength.Of(Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal))));

    [Fact]
    public void Lists_without_an_end_are_unknown()
    {
        Assert.Equal(MeasureState.Unknown, EscPosLength.Of([0x1B, (byte)'D', .. Enumerable.Repeat((byte)9, 33)]).State);
        Assert.Equal(MeasureState.Total, EscPosLength.Of([0x1B, (byte)'D', .. Enumerable.Repeat((byte)9, 32), 0]).State);
        Assert.Equal(MeasureState.Unknown, EscPosLength.Of([0x1D, (byte)'k', 4, .. Enumerable.Repeat((byte)'1', 256)]).State);
        Assert.Equal(MeasureState.Unknown, EscPosLength.Of([0x1D, (byte)'C', .. Enumerable.Repeat((byte)';', 1), .. Enumerable.Repeat((byte)'1', 60)]).State);
    }

    [Fact]
    public void The_largest_length_a_header_can_declare_does_not_wrap()
    {
        Assert.Equal(Measure.Total(7L + uint.MaxValue), EscPosLength.Of([0x1D, (byte)'8', (byte)'L', 255, 255, 255, 255]));
        Assert.Equal(Measure.Total(8 + (65535L * 65535L)), EscPosLength.Of([0x1D, (byte)'v', (byte)'0', 0, 255, 255, 255, 255]));
    }

    private static void Add(TheoryData<string, int> rows, string prefix, string names, int length)
    {
        foreach (char name in names)
        {
            rows.Add($"{prefix}{(int)name:X2}", length);
        }
    }
}

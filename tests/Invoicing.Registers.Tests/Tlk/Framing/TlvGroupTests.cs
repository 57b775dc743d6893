using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tests.Tlk.Framing;

public sealed class TlvGroupTests
{
    [Theory]
    [InlineData("01", "expected a length, found the end")]
    [InlineData("0102AA", "expected a length in its shortest form of at most 1, found 2 in 1 bytes")]
    [InlineData("018100AA", "expected a length in its shortest form of at most 1, found 1 in 2 bytes")]
    [InlineData("01FFFF01AA", "expected a length in its shortest form of at most 1, found 32767 in 3 bytes")]
    [InlineData("01FFFF02AA", "found 49151 in 3 bytes")]
    [InlineData("0180808001AA", "expected a length of at most 3 bytes, found a longer one")]
    [InlineData("0101AA0101BB", "expected once, found twice")]
    [InlineData("8001AA", "expected a known tag, as this one is critical")]
    public void A_run_that_is_not_TLVs_says_what_was_expected_and_found(string hex, string expected)
    {
        TlvFault fault = new();
        _ = new TlvGroup(Convert.FromHexString(hex), "thing", [1], [], fault);

        Assert.Contains(expected, fault.First, StringComparison.Ordinal);
        Assert.StartsWith("thing, tag ", fault.First, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0100", "expected 1 to 5 bytes, found 0")]
    [InlineData("0106414243444546", "expected 1 to 5 bytes, found 6")]
    [InlineData("0102410A", "expected text without control characters")]
    [InlineData("0102417F", "expected text without control characters")]
    [InlineData("0102C328", "expected UTF-8")]
    [InlineData("0202C328", "expected it, found nothing")]
    public void Text_is_checked(string hex, string expected)
    {
        TlvFault fault = new();
        _ = new TlvGroup(Convert.FromHexString(hex), "thing", [1], [], fault).Text(1, 5);

        Assert.Contains(expected, fault.First, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_tags_below_80_are_skipped_also_twice_and_repeated_ones_kept_in_order()
    {
        TlvFault fault = new();
        TlvGroup group = new(Convert.FromHexString("7F01AA7F01BB" + "020105" + "020106"), "thing", [2], [2], fault);

        Assert.Null(fault.First);
        Assert.Equal(["05", "06"], group.All(2).Select(v => Convert.ToHexString(v.Span)));
        Assert.False(group.Has(0x7F));
    }

    [Fact]
    public void Numbers_at_their_ends_come_back()
    {
        byte[] bytes = new TlvWriter().U8(1, 255).U16(2, 65535).U32(3, uint.MaxValue).U64(4, ulong.MaxValue).S64(5, long.MinValue)
            .Time(6, new DateTimeOffset(2026, 7, 1, 15, 0, 0, TimeSpan.FromHours(7))).ToArray();
        TlvFault fault = new();
        TlvGroup group = new(bytes, "thing", [1, 2, 3, 4, 5, 6], [], fault);

        Assert.Equal(255, group.U8(1));
        Assert.Equal(65535, group.U16(2));
        Assert.Equal(uint.MaxValue, group.U32(3));
        Assert.Equal(ulong.MaxValue, group.U64(4));
        Assert.Equal(long.MinValue, group.S64(5));
        Assert.Equal(new DateTimeOffset(2026, 7, 1, 15, 0, 0, TimeSpan.FromHours(7)), group.Time(6));
        Assert.Equal(TimeSpan.FromHours(7), group.Time(6).Offset);
        Assert.Null(fault.First);
    }

    [Theory]
    [InlineData("060AFFFFFFFFFFFFFFFF0000")]
    [InlineData("060A00000000008000000000")]
    [InlineData("060A000000000000000049FC")]
    [InlineData("060A0000000000000000FF7F")]
    public void Times_outside_the_range_are_a_fault_and_no_exception(string hex)
    {
        TlvFault fault = new();
        _ = new TlvGroup(Convert.FromHexString(hex), "thing", [6], [], fault).Time(6);

        Assert.Contains("expected milliseconds", fault.First, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_written_is_read_for_any_lengths()
    {
        const int Seed = 11;
        Random random = new(Seed);
        for (int round = 0; round < 300; round++)
        {
            byte[] value = new byte[random.Next(0, round % 10 == 0 ? 32_767 : 300)];
            random.NextBytes(value);
            byte tag = (byte)random.Next(1, 0x80);
            TlvFault fault = new();
            TlvGroup group = new(new TlvWriter().Bytes(tag, value).ToArray(), "thing", [tag], [], fault);

            Assert.True(fault.First is null && value.AsSpan().SequenceEqual(group.All(tag).Single().Span), $"seed {Seed}, round {round}");
        }
    }

    [Fact]
    public void Text_that_is_too_long_is_cut_between_characters_and_controls_become_blanks()
    {
        byte[] bytes = new TlvWriter().TextUpTo(1, "Đồ\nuống", 7).ToArray();
        TlvFault fault = new();

        Assert.Equal("Đồ u", new TlvGroup(bytes, "thing", [1], [], fault).Text(1, 7));
        Assert.Null(fault.First);
    }
}

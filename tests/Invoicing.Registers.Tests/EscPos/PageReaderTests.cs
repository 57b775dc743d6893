using System.Collections.Immutable;
using Invoicing.Registers.EscPos.Pages;
using Invoicing.Registers.Text;

namespace Invoicing.Registers.Tests.EscPos;

public sealed class PageReaderTests
{
    private static readonly PageOptions Utf8 = new();

    [Theory]
    [InlineData("utf-8")]
    [InlineData("cp1258")]
    public void A_receipt_reads_the_same_in_each_code_page(string page)
    {
        PageOptions options = Utf8 with { Text = CodePage.Named(page) };

        Assert.Equal(
            PageReader.Read(JobScript.Receipt("17").Cut().Bytes, Utf8).Lines, PageReader.Read(JobScript.Receipt("17", page).Cut().Bytes, options).Lines);
    }

    [Fact]
    public void The_code_page_command_is_believed_only_as_far_as_the_device_says()
    {
        byte[] job = new JobScript().Init().Use("tcvn3-2", 31).Text("PHỞ").Use("tcvn3-1", 30).Line(" bò tái").Bytes;
        PageOptions lower = Utf8 with { Text = CodePage.Named("tcvn3-1") };
        PageOptions both = lower with
        {
            ByCommand = ImmutableDictionary<int, CodePage>.Empty.Add(30, CodePage.Named("tcvn3-1")).Add(31, CodePage.Named("tcvn3-2")),
        };

        Assert.Equal(["PHỞ bò tái"], PageReader.Read(job, both).Lines);
        Assert.Equal(["PHở bò tái"], PageReader.Read(job, lower).Lines);
    }

    [Fact]
    public void A_mark_may_come_after_a_command_and_takes_no_column()
    {
        byte[] job = new JobScript().In("cp1258").Raw(0x54, 0x69, 0xEA).Raw(0x1B, (byte)'E', 1).Raw(0xCC, 0x6E).Raw(0x1B, (byte)'$', 60, 0).Line("x").Bytes;

        Assert.Equal(["Tiền x"], PageReader.Read(job, Utf8 with { Text = CodePage.Named("cp1258") }).Lines);
    }

    [Fact]
    public void Tabs_positions_wide_letters_and_the_papers_edge_are_kept()
    {
        byte[] job = new JobScript()
            .Text("a").Raw(0x09).Line("b")
            .Raw(0x1B, (byte)'D', 4, 20, 0).Text("a").Raw(0x09).Text("b").Raw(0x09).Line("c")
            .Text("n").Raw(0x1B, (byte)'$', 240, 0).Line("9")
            .Raw(0x1D, (byte)'!', 0x10).Line("wide wide wide").Raw(0x1D, (byte)'!', 0).Bytes;

        Assert.Equal(
            ["a       b", "a   b               c", "n                   9", "wide wide wi", "de"],
            PageReader.Read(job, Utf8 with { Columns = 24 }).Lines);
    }

    [Fact]
    public void Carriage_returns_alone_end_lines_and_feeds_leave_no_empty_ones() => Assert.Equal(
        ["a", "b", "c", "d"],
        PageReader.Read(new JobScript().Text("a").Raw(0x0D).Text("b").Raw(0x0D, 0x0A).Text("c").Raw(0x1B, (byte)'d', 3).Text("d").Raw(0x1B, (byte)'J', 3).Bytes, Utf8).Lines);

    [Fact]
    public void Payloads_of_printed_symbols_are_recovered()
    {
        byte[] job = new JobScript().Qr("https://vietqr.example/đ").Raw(0x1D, (byte)'k', 4, (byte)'1', (byte)'2', 0).Raw(0x1D, (byte)'k', 73, 3, (byte)'{', (byte)'B', (byte)'9')
            .Raw(0x1D, (byte)'(', (byte)'k', 4, 0, 48, 80, 48, (byte)'p').Bytes;
        ReceiptPage page = PageReader.Read(job, Utf8);

        Assert.Equal(["https://vietqr.example/đ"], page.Symbols);
        Assert.Equal(["12", "{B9"], page.Barcodes);
    }

    [Fact]
    public void A_drawn_receipt_is_known_as_a_picture()
    {
        Assert.True(PageReader.Read(new JobScript().Init().Raster(72, 30).Line("-----").Cut().Bytes, Utf8).IsImageOnly);
        Assert.False(PageReader.Read(JobScript.Receipt("1").Raster(72, 30).Cut().Bytes, Utf8).IsImageOnly);
        Assert.False(PageReader.Read(new JobScript().Init().Pulse().Bytes, Utf8).IsImageOnly);
    }

    [Fact]
    public void What_is_not_known_is_counted()
    {
        ReceiptPage page = PageReader.Read(new JobScript().Line("a").Raw(0x1B, 0x01, 0x1D, 0xFF).Line("b").Raw(0x1D, 0x56).Bytes, Utf8);

        Assert.Equal((2, true), (page.Unknown, page.IsTorn));
    }

    [Fact]
    public void Lines_without_end_are_bounded()
    {
        ReceiptPage page = PageReader.Read([.. Enumerable.Repeat("a\n"u8.ToArray(), PageReader.MostLines + 5).SelectMany(line => line)], Utf8);

        Assert.True(page.IsTooLong);
        Assert.Equal(PageReader.MostLines, page.Lines.Length);
    }
}

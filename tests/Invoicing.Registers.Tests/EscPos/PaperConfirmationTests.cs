using Invoicing.Registers.EscPos.Tap;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.EscPos;

/// <summary>A gate that asks the printer whether a receipt is on paper, and one that cannot.</summary>
public sealed class PaperConfirmationTests
{
    private static readonly byte[] Receipt = JobScript.Receipt("17").Cut().Bytes;
    private static readonly TapOptions Asking = TapBench.Options(TapMode.Gate) with { ConfirmsPaper = true };

    [Fact]
    public async Task A_receipt_that_the_printer_lost_is_printed_again_and_the_next_waits_for_it()
    {
        await using TapBench bench = new(Asking);
        await bench.SendAsync(Receipt);
        await bench.SendAsync(JobScript.Receipt("18").Cut().Bytes);
        await Waiting.Until(() => Asked(bench) == 1, "asked");
        Assert.DoesNotContain("Số HĐ: 18", bench.Paper, StringComparison.Ordinal);

        await bench.Printer.PullAsync();
        await Waiting.Until(() => !bench.Tap.IsPrinterUp, "down");
        bench.PlugPrinter();
        await Waiting.Until(() => Asked(bench) == 2, "printed and asked again");
        Assert.Equal(2, Count(bench, "Số HĐ: 17"));
        await AnswerAsync(bench);
        await Waiting.Until(() => Asked(bench) == 3, "the next printed");
        await AnswerAsync(bench);

        Assert.Equal(1, Count(bench, "Số HĐ: 18"));
        Assert.Equal((1L, 0L), (bench.Counted(TapCounters.PrintedAgain), bench.Counted(TapCounters.PaperUnsure)));
        Assert.Empty(bench.Heard);
    }

    [Fact]
    public async Task The_tills_questions_go_through_meanwhile_and_their_answers_come_back()
    {
        await using TapBench bench = new(Asking);
        await bench.SendAsync(Receipt);
        await Waiting.Until(() => Asked(bench) == 1, "asked");
        await bench.SendAsync([0x10, 0x04, 0x01]);
        await bench.SendAsync([0x1D, (byte)'r', 2]);
        await Waiting.Until(() => bench.Printed.AsSpan().EndsWith((ReadOnlySpan<byte>)[0x1D, (byte)'r', 2]), "passed on");

        await bench.Printer.WriteAsync(new byte[] { 0x1A, 0x00, 0x01 }, TestContext.Current.CancellationToken);
        await Waiting.Until(() => bench.Heard.Length == 2, "heard");

        Assert.Equal([0x1A, 0x01], bench.Heard);
    }

    [Fact]
    public async Task A_printer_that_says_nothing_is_asked_again_and_the_status_says_so()
    {
        await using TapBench bench = new(Asking);
        await bench.SendAsync(Receipt);
        await Waiting.Until(() => Asked(bench) == 1, "asked");
        await Waiting.Until(
            () =>
            {
                bench.Time.Advance(TimeSpan.FromSeconds(5));
                return Asked(bench) >= 2;
            },
            "asked again");
        await Waiting.Until(() => bench.Tap.Status.Trouble?.Contains("to say that it printed, found silence", StringComparison.Ordinal) == true, "told");

        await AnswerAsync(bench);
        await Waiting.Until(() => bench.Tap.Status.Trouble is null, "well again");
        Assert.Equal(1, Count(bench, "Số HĐ: 17"));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(20, 0)]
    public async Task Who_does_not_ask_tells_that_a_receipt_may_have_been_in_the_printers_buffer(int seconds, long unsure)
    {
        await using TapBench bench = new(TapBench.Options(TapMode.Gate));
        await bench.SendAsync(Receipt);
        await Waiting.Until(() => Count(bench, "Ma CQT") == 1, "printed");
        bench.Time.Advance(TimeSpan.FromSeconds(seconds));
        await bench.Printer.PullAsync();
        await Waiting.Until(() => !bench.Tap.IsPrinterUp, "down");

        await Waiting.Until(() => bench.Counted(TapCounters.PaperUnsure) == unsure, "counted");
        bench.PlugPrinter();
        await Waiting.Until(() => bench.Tap.IsPrinterUp, "up");
        Assert.Equal((1, unsure), (Count(bench, "Ma CQT"), bench.Counted(TapCounters.PaperUnsure)));
    }

    private static ValueTask AnswerAsync(TapBench bench) => bench.Printer.WriteAsync(new byte[] { 0 }, TestContext.Current.CancellationToken);

    private static int Asked(TapBench bench) => bench.Printed.AsSpan().Count((ReadOnlySpan<byte>)[0x1D, (byte)'r', 1]);

    private static int Count(TapBench bench, string words) => bench.Paper.Split(words).Length - 1;
}

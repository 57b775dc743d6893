using System.Text;
using Invoicing.Registers.EscPos.Tap;
using Invoicing.Registers.EscPos.Tokens;
using Invoicing.Sales;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.EscPos;

/// <summary>The gate without lines, tasks or clocks: bytes and times in, effects out.</summary>
public sealed class GateSessionTests
{
    private static readonly TapOptions Options = TapBench.Options(TapMode.Gate);
    private static readonly long Limit = (long)TapOptions.DefaultTimeLimit.TotalMilliseconds;
    private static readonly JobFate Kitchen = new(CaptureClass.Kitchen, null);
    private static readonly JobFate Sold = new(
        CaptureClass.Sale, new RecordOutcome.Issued(new("M1-26-ABCDE-00000000001", "C26MAA", 1), "lookup"));

    private readonly List<GateEffect> _effects = [];

    /// <summary>Whatever comes in, in whatever pieces: what is no sale comes out as it came in, once, in whole commands.</summary>
    [Fact]
    public void Bytes_that_are_no_sale_come_out_once_and_in_order() => Seeded.Run(300, random =>
    {
        byte[] stream = [.. Enumerable.Range(0, 5).SelectMany(_ => EscPosNoise.Base(random, 3)), 0x0A, 0x1D, (byte)'V', 0];
        GateSession gate = new(Options with { JobsEndWithoutCut = true });
        List<GateEffect> effects = [];
        for (int at = 0; at < stream.Length;)
        {
            int count = Math.Min(random.Next(1, 200), stream.Length - at);
            gate.TillBytes(stream.AsSpan(at, count), 0, effects);
            at += count;
        }

        gate.TillGone(0, effects);
        foreach (GateEffect.Keep keep in effects.OfType<GateEffect.Keep>().OrderBy(_ => random.Next()).ToArray())
        {
            gate.Done(keep.Ticket, Kitchen, 0, effects);
        }

        // Questions and pulses overtake, so bytes are compared as a whole.
        byte[] printed = [.. effects.OfType<GateEffect.Print>().SelectMany(print => print.Bytes.ToArray())];
        byte[] torn = [.. effects.OfType<GateEffect.Keep>().Where(keep => keep.Job.End == JobEnd.Torn).SelectMany(keep => keep.Job.Bytes.ToArray())];
        Assert.Equal(stream.Order(), printed.Concat(torn).Order());
        Assert.Null(gate.NextWake);
    });

    [Fact]
    public void A_job_waits_and_its_block_stands_before_the_cut_with_the_style_put_back()
    {
        GateSession gate = new(Options);
        byte[] job = new JobScript().Init().Raw(0x1B, (byte)'a', 2).Line("Phở").Raw(0x1D, (byte)'!', 0x11).Cut().Bytes;
        gate.TillBytes(job, 0, _effects);
        GateEffect.Keep keep = Assert.Single(_effects.OfType<GateEffect.Keep>());
        Assert.Empty(_effects.OfType<GateEffect.Print>());
        Assert.Equal(Limit, gate.NextWake);
        Assert.Equal((JobEnd.Cut, job.Length - 4), (keep.Job.End, keep.Job.EndAt));

        gate.Done(keep.Ticket, Sold, 10, _effects);
        byte[] printed = Assert.Single(_effects.OfType<GateEffect.Print>()).Bytes.ToArray();
        Assert.Equal(job[..^4], printed[..(job.Length - 4)]);
        Assert.Equal([0x1B, (byte)'a', 2, 0x1D, (byte)'!', 0x11, 0x1D, (byte)'V', 65, 3], printed[^10..]);
        Assert.DoesNotContain(EscPosTokenizerTests.Tokens(printed, 100), token => !token.StartsWith("Text", StringComparison.Ordinal)
            && (token.StartsWith("Unknown", StringComparison.Ordinal) || token.StartsWith("Torn", StringComparison.Ordinal)));
        Assert.Null(gate.NextWake);
    }

    [Fact]
    public void A_drawer_without_a_receipt_and_a_cut_of_nothing_do_not_wait()
    {
        GateSession gate = new(Options);
        byte[] job = new JobScript().Init().Pulse().Cut().Bytes;
        gate.TillBytes(job, 0, _effects);

        Assert.Empty(_effects.OfType<GateEffect.Keep>());
        Assert.Equal(job.Order(), _effects.OfType<GateEffect.Print>().SelectMany(print => print.Bytes.ToArray()).Order());
    }

    [Fact]
    public void A_torn_job_is_kept_and_not_printed()
    {
        GateSession gate = new(Options);
        gate.TillBytes("half a receipt\n"u8, 0, _effects);
        gate.TillGone(5, _effects);

        Assert.Equal(JobEnd.Torn, Assert.Single(_effects.OfType<GateEffect.Keep>()).Job.End);
        Assert.Empty(_effects.OfType<GateEffect.Print>());
        gate.TillBytes(JobScript.Receipt("1").Cut().Bytes, 6, _effects);
        Assert.Equal(2, _effects.OfType<GateEffect.Keep>().Count());
    }

    [Fact]
    public void Silence_in_the_middle_of_a_job_tears_it()
    {
        GateSession gate = new(Options);
        gate.TillBytes("half a receipt\n"u8, 100, _effects);
        Assert.Equal(100 + (long)TapOptions.DefaultIdleLimit.TotalMilliseconds, gate.NextWake);
        gate.Tick(gate.NextWake!.Value - 1, _effects);
        Assert.Empty(_effects);
        gate.Tick(gate.NextWake.Value, _effects);

        Assert.Equal(JobEnd.Torn, Assert.Single(_effects.OfType<GateEffect.Keep>()).Job.End);
    }

    [Fact]
    public void A_full_gate_says_so_until_something_is_printed()
    {
        GateSession gate = new(Options);
        for (int i = 0; i < GateSession.MostWaiting; i++)
        {
            Assert.False(gate.IsFull);
            gate.TillBytes(JobScript.Receipt($"{i}").Cut().Bytes, 0, _effects);
        }

        Assert.True(gate.IsFull);
        gate.Done(2, Kitchen, 0, _effects);
        Assert.True(gate.IsFull);
        gate.Done(1, Kitchen, 0, _effects);
        Assert.False(gate.IsFull);
        Assert.Equal(2, _effects.OfType<GateEffect.Print>().Count());
    }

    [Fact]
    public void A_job_longer_than_is_kept_prints_as_it_comes_every_byte_once_and_is_not_whole()
    {
        GateSession gate = new(Options);
        byte[] picture = new JobScript().Raster(1000, 1000, i => (byte)(i % 251)).Bytes;
        List<byte> sent = [];
        for (int i = 0; i < 6; i++)
        {
            sent.AddRange(picture);
            foreach (byte[] part in picture.Chunk(4096))
            {
                gate.TillBytes(part, 0, _effects);
            }
        }

        byte[] end = new JobScript().Line("end").Cut().Bytes;
        sent.AddRange(end);
        gate.TillBytes(end, 0, _effects);

        Assert.True(sent.SequenceEqual(_effects.OfType<GateEffect.Print>().SelectMany(print => print.Bytes.ToArray())));
        CapturedJob job = Assert.Single(_effects.OfType<GateEffect.Keep>()).Job;
        Assert.Equal((JobAssembler.MaxJob, true), (job.Bytes.Length, job.IsIncomplete));
        Assert.Equal(CaptureClass.Untrusted, new JobJudge(Options).Preview(job.Bytes, true).Reading.Class);
        _effects.Clear();
        gate.TillBytes(JobScript.Receipt("1").Cut().Bytes, 0, _effects);
        Assert.Empty(_effects.OfType<GateEffect.Print>());
    }

    [Fact]
    public void Pages_and_pulses_end_jobs_where_the_printer_has_no_cutter()
    {
        WatchSession watch = new(Options with { PulseEndsJob = true }, null);
        watch.TillBytes([.. "a\n"u8, 0x1B, (byte)'p', 0, 1, 1, 0x1B, (byte)'L', .. "b"u8, 0x0C, .. "c"u8, 0x0C, .. "d"u8, 0x1B, (byte)'i'], 0, _effects);

        Assert.Equal([JobEnd.Pulse, JobEnd.Page, JobEnd.Cut], _effects.OfType<GateEffect.Keep>().Select(keep => keep.Job.End));
    }

    [Theory]
    [InlineData(PrinterCondition.Ready, "12121212", "1000000000")]
    [InlineData(PrinterCondition.Drawer, "16121212", "1400000001")]
    [InlineData(PrinterCondition.Offline, "1A121212", "1800000000")]
    [InlineData(PrinterCondition.Cover, "1A161212", "3800000000")]
    [InlineData(PrinterCondition.FeedKey, "121A1212", "5000000000")]
    [InlineData(PrinterCondition.PaperNearEnd, "1212121E", "1000030000")]
    [InlineData(PrinterCondition.PaperEnd, "1A32127E", "18000C0000")]
    [InlineData(PrinterCondition.Error, "1A521612", "1004000000")]
    [InlineData(PrinterCondition.Cutter, "1A521A12", "1008000000")]
    public void A_printer_that_is_not_there_answers_as_one_would(object condition, string realTime, string automatic)
    {
        PrinterAnswers answers = new();
        Assert.Empty(answers.Become((PrinterCondition)condition));
        Assert.Equal(realTime, string.Concat(Enumerable.Range(1, 4).Select(n => Ask(answers, 0x10, 4, (byte)n))));
        Assert.Equal(automatic, Ask(answers, 0x1D, (byte)'a', 255) + Ask(answers, 0x1D, (byte)'r', 2));
        Assert.Equal(
            (PrinterCondition)condition == PrinterCondition.Ready ? string.Empty : "10000000", Convert.ToHexString(answers.Become(PrinterCondition.Ready)));
        Assert.Equal("5F5649525455414C00", Ask(answers, 0x1D, (byte)'I', 67));
        Assert.Equal(string.Empty, Ask(answers, 0x1D, (byte)'a', 0) + Ask(answers, 0x1B, (byte)'a', 0));
        Assert.Empty(answers.Become(PrinterCondition.PaperEnd));
    }

    [Fact]
    public void The_block_is_in_the_printers_code_page_and_its_payload_can_be_read_back()
    {
        PrintedBlock block = new(new() { Page = Invoicing.Registers.Text.CodePage.Named("cp1258"), PageNumber = 52, DotSize = 6 });
        byte[] bytes = block.Issued(new("M1-26-ABCDE-00000000001", "C26MAA", 1), "MCCQT=M1-26-ABCDE-00000000001");
        Invoicing.Registers.EscPos.Pages.ReceiptPage page = Invoicing.Registers.EscPos.Pages.PageReader.Read(
            bytes, new() { Text = Invoicing.Registers.Text.CodePage.Named("cp1258") });

        Assert.Equal(["HÓA ĐƠN ĐIỆN TỬ", "Mã CQT: M1-26-ABCDE-00000000001", "Ký hiệu: C26MAA  Số: 1"], page.Lines);
        Assert.Equal(["MCCQT=M1-26-ABCDE-00000000001"], page.Symbols);
        Assert.Equal((0, 0), (page.Unknown, page.Undefined));
        Assert.Contains("1B7434", Convert.ToHexString(bytes), StringComparison.Ordinal);
        Assert.Contains("1D286B03003143061D286B0300314531", Convert.ToHexString(bytes), StringComparison.Ordinal);
        Assert.Contains("CHUA LAP HOA DON", Encoding.ASCII.GetString(new PrintedBlock(new()).NotInvoiced()), StringComparison.Ordinal);
    }

    private static string Ask(PrinterAnswers answers, params byte[] question)
    {
        ReadOnlySpan<byte> input = question;
        Assert.True(new EscPosTokenizer().TryRead(ref input, out EscPosToken token));
        return Convert.ToHexString(answers.Answer(token));
    }
}

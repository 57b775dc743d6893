#pragma warning disable CA2000 // A cable in memory holds nothing.
using Invoicing.Registers.Datecs;
using Invoicing.Registers.Datecs.Isl;
using Invoicing.Registers.Datecs.Pull;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Tests.Drivers;
using Invoicing.Sales;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Registers.Tests.Datecs;

/// <summary>Recordings of Datecs frames: the same sales, and nobody's name.</summary>
public sealed class DatecsRecordingMaskTests
{
    private static readonly DateTime Morning = new(2026, 7, 1, 9, 0, 0);
    private static readonly byte[] Key = new byte[32];

    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task A_masked_recording_reads_to_the_same_sales_and_names_nobody(IslDialect dialect)
    {
        (Sale plain, _) = await ReadAsync(dialect, reply => reply);
        DatecsRecordingMask mask = new(Key);
        (Sale masked, byte[] heard) = await ReadAsync(dialect, reply => mask.Take(reply));

        Assert.Equal((plain.ReceiptNumber, plain.Total, plain.ReceiptDiscount, plain.ClosedAt), (masked.ReceiptNumber, masked.Total, masked.ReceiptDiscount, masked.ClosedAt));
        Assert.Equal(plain.Lines.Select(Amounts), masked.Lines.Select(Amounts));
        Assert.Equal(plain.Payments, masked.Payments);
        Assert.Equal(["xxx xxxx", "xxxx xxxx; xxx"], masked.Lines.Select(line => line.Name));
        Assert.Equal("xxx", masked.Cashier);
        string said = CodePagesText(heard);
        foreach (string name in new[] { "Sua", "tuoi", "Khan", "giay", "Lan", "MUOI", "0312270160" })
        {
            Assert.DoesNotContain(name, said, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal void Frames_are_masked_the_same_in_any_pieces_and_what_is_none_passes(IslDialect dialect)
    {
        byte[] data = System.Text.Encoding.ASCII.GetBytes(dialect == IslDialect.X ? "0\tTran Thi Lan **** *1234 0912345678 12000.00\t" : "P,Tran Thi Lan *1234 0912345678 12000.00");
        byte[] stream = [0x16, 0x01, 0x16, .. FrameWriter.Reply(dialect, 0x25, 125, data, FrameWriter.Quiet(dialect)), 0x15];
        byte[] whole = [.. Masked(stream, stream.Length)];
        Assert.Equal(stream.Length, whole.Length);
        Assert.Equal([0x16, 0x01, 0x16], whole[..3]);
        Assert.Equal(0x15, whole[^1]);
        string said = CodePagesText(whole);
        Assert.DoesNotContain("Tran", said, StringComparison.Ordinal);
        Assert.DoesNotContain("1234 ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("0912345678", said, StringComparison.Ordinal);
        Assert.Contains("12000.00", said, StringComparison.Ordinal);
        foreach (int size in new[] { 1, 3, 7 })
        {
            Assert.Equal(whole, Masked(stream, size));
        }
    }

    private static (decimal Quantity, decimal Price, long Amount, long Discount) Amounts(SaleLine line) =>
        (line.Quantity, line.UnitPrice, line.Amount.Dong, line.Discount.Dong);

    private static string CodePagesText(byte[] bytes) => System.Text.CodePagesEncodingProvider.Instance.GetEncoding(1251)!.GetString(bytes);

    private static List<byte> Masked(byte[] stream, int size)
    {
        DatecsRecordingMask mask = new(Key);
        List<byte> given = [];
        foreach (byte[] piece in stream.Chunk(size))
        {
            given.AddRange(mask.Take(piece));
        }

        given.AddRange(mask.Finish());
        return given;
    }

    /// <summary>Reads one receipt through whatever the replies become.</summary>
    private static async Task<(Sale Sale, byte[] Heard)> ReadAsync(IslDialect dialect, Func<byte[], byte[]> reply)
    {
        ManualTime time = new();
        ManualTime pauses = new();
        LineRecorder recorder = new();
        List<byte> heard = [];
        FakeDatecs register = new(dialect)
        {
            Fault = (_, said) =>
            {
                byte[] told = reply(said);
                heard.AddRange(told);
                return [(TimeSpan.FromMilliseconds(20), told)];
            },
        };
        register.Documents.Add(FakeDocument.Receipt(1, Morning));
        CableLine line = new(time, register);
        DatecsVariant variant = dialect == IslDialect.X ? DatecsVariant.X : DatecsVariant.Isl;
        JournalDriver driver = new(
            line, new DatecsPullProtocol(new() { Variant = variant }, line.Name, recorder, time), recorder, new() { FromBeginning = true }, pauses,
            NullLogger<JournalDriver>.Instance);
        using CancellationTokenSource stop = new();
        Task running = driver.RunAsync(stop.Token);
        await Waiting.Until(
            () =>
            {
                pauses.Advance(TimeSpan.FromSeconds(1));
                return recorder.Records.Count == 1;
            },
            "recorded",
            TimeSpan.FromMinutes(1));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.Soon());
        return (recorder.Records[0].Sale!, [.. heard]);
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using Invoicing.Amounts;
using Invoicing.Registers.Datecs.Isl;
using Invoicing.Sales;

namespace Invoicing.Registers.Tests.Datecs;

/// <summary>Registers with an electronic journal, from the driver down to the bytes: what is read of documents.</summary>
public sealed class DatecsPullTests : PullBench
{
    private static readonly int[] Reading = [62, 74, 76, 90, 113, 119, 124, 125];

    [Theory]
    [InlineData(IslDialect.X, true)]
    [InlineData(IslDialect.Legacy, true)]
    [InlineData(IslDialect.Legacy, false)]
    internal async Task A_receipt_is_read_with_lines_discounts_and_payments(IslDialect dialect, bool knowsNumbers)
    {
        FakeDatecs register = new(dialect) { KnowsNumbers = knowsNumbers };
        register.Documents.Add(FakeDocument.Receipt(1, Morning));
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 1, "recorded");

        RegisterRecord record = Recorder.Records[0];
        Assert.Null(record.Unreadable);
        Sale sale = record.Sale!;
        Assert.Equal((RecordKind.Sale, 1ul, FakeDocument.Serial), (record.Kind, record.Key.Sequence, record.Key.Register.Value));
        Assert.Equal(new DateTimeOffset(Morning, TimeSpan.FromHours(7)), sale.ClosedAt);
        Assert.Equal(("Lan", "1", ClockConfidence.Set), (sale.Cashier, sale.ReceiptNumber, sale.Clock));
        Assert.Equal(["Sua tuoi", "Khan giay; hop"], sale.Lines.Select(l => l.Name));
        Assert.Equal([(2m, 38500m, 77000L), (1m, 13900m, 13900L)], sale.Lines.Select(l => (l.Quantity, l.UnitPrice, l.Amount.Dong)));
        Assert.Equal((900L, 90000L), (sale.ReceiptDiscount.Dong, sale.Total.Dong));
        Assert.Equal(new Payment(PaymentMeans.Cash, new(90000)), Assert.Single(sale.Payments));
        Assert.Equal(record.Hash, Hashing.Sha256Hash.Of(record.Bytes.Span));
        Assert.All(register.Commands, command => Assert.Contains(command, Reading));
    }

    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task Reversals_day_closes_and_annulled_receipts_are_what_they_are(IslDialect dialect)
    {
        FakeDatecs register = new(dialect);
        register.Documents.AddRange(
            [FakeDocument.Receipt(1, Morning), FakeDocument.Storno(2, 1, Morning.AddMinutes(1)), FakeDocument.Cancelled(3, Morning.AddMinutes(2)), FakeDocument.DayClose(4, Morning.AddHours(9))]);
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 4, "recorded");

        IReadOnlyList<RegisterRecord> records = Recorder.Records;
        Assert.Equal([RecordKind.Sale, RecordKind.Refund, RecordKind.NoSale, RecordKind.DayClose], records.Select(r => r.Kind));
        Assert.All(records, record => Assert.Null(record.Unreadable));
        Assert.Equal(records[0].Key, records[1].Reference);
        Assert.Equal((289000L, 1m), (records[1].Sale!.Total.Dong, records[1].Sale!.Lines[0].Quantity));
        Assert.Contains("annulled", records[2].Remark, StringComparison.Ordinal);
        Assert.Equal((12L, 1200000L), (records[3].Stated!.Sales, records[3].Stated!.Total.Dong));
    }

    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task A_register_met_for_the_first_time_is_read_from_now_on(IslDialect dialect)
    {
        FakeDatecs register = new(dialect);
        Ring(register, 1, 5);
        Run(register, fromBeginning: false);
        await UntilAsync(() => Recorder.Gaps.Count == 1, "a gap");
        Ring(register, 6, 6);
        await UntilAsync(() => Recorder.Records.Count == 1, "the next");
        Assert.Equal((5ul, 6ul), (Recorder.Gaps[0].Last, Recorder.Records[0].Key.Sequence));
    }

    [Fact]
    public async Task Documents_that_the_register_no_longer_holds_are_one_gap()
    {
        FakeDatecs register = new(IslDialect.X);
        Ring(register, 4000, 4002);
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 3, "recorded");
        Assert.Equal((1ul, 3999ul), (Recorder.Gaps[0].First.Sequence, Recorder.Gaps[0].Last));
    }

    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task A_number_that_was_never_used_is_named_and_the_rest_is_read(IslDialect dialect)
    {
        FakeDatecs register = new(dialect);
        Ring(register, 1, 2);
        Ring(register, 9, 10);
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 4, "recorded");
        Assert.Equal([1ul, 2, 9, 10], Recorder.Records.Select(r => r.Key.Sequence));
        Assert.Equal(Enumerable.Range(3, 6).Select(i => (ulong)i), Recorder.Gaps.SelectMany(g => Numbers(g.First.Sequence, g.Last)));
    }

    [Fact]
    public async Task Parts_of_a_dong_are_held_and_never_rounded()
    {
        FakeDatecs register = new(IslDialect.X);
        var receipt = FakeDocument.Receipt(1, Morning);
        register.Documents.Add(receipt with { Rows = [FakeDocument.Row(1, "Sua", "15000.50", "2.000", "30001.00", 30001)] });
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 1, "recorded");
        Assert.Null(Recorder.Records[0].Sale);
        Assert.Contains("whole đồng", Recorder.Records[0].Unreadable, StringComparison.Ordinal);
        Assert.False(Recorder.Records[0].Bytes.IsEmpty);
    }

    [Fact]
    public async Task Rows_that_do_not_belong_together_or_are_missing_are_held()
    {
        FakeDatecs register = new(IslDialect.X);
        var receipt = FakeDocument.Receipt(1, Morning);
        register.Documents.Add(receipt with { Rows = [receipt.Rows[1]] });
        register.Documents.Add(receipt with { Number = 2, Rows = [] });
        register.Documents.Add(receipt with { Number = 3, Type = "77" });
        register.Documents.Add(receipt with { Number = 4, Rows = ["a;b;c"] });
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 4, "recorded");
        Assert.All(Recorder.Records, record => Assert.Equal((RecordKind.Sale, true), (record.Kind, record.Unreadable is not null)));
    }

    [Fact]
    public async Task Tax_letters_become_rates_by_the_shops_table_and_an_unknown_one_holds_the_sale()
    {
        FakeDatecs register = new(IslDialect.X);
        Ring(register, 1, 1);
        Run(register, rates: ImmutableDictionary<string, TaxRate>.Empty.Add("А", TaxRate.Eight).Add("Б", TaxRate.Ten));
        await UntilAsync(() => Recorder.Records.Count == 1, "recorded");
        Assert.Equal([TaxRate.Eight, TaxRate.Ten], Recorder.Records[0].Sale!.Lines.Select(l => l.Rate!.Value));
        await StopAsync();

        FakeDatecs other = new(IslDialect.Legacy) { Serial = "DT000009" };
        Ring(other, 1, 1);
        Run(other, rates: ImmutableDictionary<string, TaxRate>.Empty.Add("А", TaxRate.Eight));
        await UntilAsync(() => Recorder.Records.Count == 2, "recorded");
        Assert.Contains("tax letter", Recorder.Records[1].Unreadable, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_room_in_the_register_s_journal_is_shown_and_an_open_receipt_is_left_alone()
    {
        FakeDatecs register = new(IslDialect.X) { Status = [0x80, 0x80, 0x80 | 0x40 | 0x08, 0x80, 0x86, 0x9A, 0x80, 0x80], OpenReceipt = 2 };
        Ring(register, 1, 2);
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 1 && Driver.Status.JournalUsed == 99, "the closed one recorded");
        Assert.Contains(Driver.Status.Notes, note => note.Contains("almost full", StringComparison.Ordinal));
        Assert.Single(Recorder.Records);
        register.OpenReceipt = 0;
        await UntilAsync(() => Recorder.Records.Count == 2, "recorded once it is closed");
        Assert.All(register.Commands, command => Assert.Contains(command, Reading));
    }

    /// <summary>What the driver asks for is, letter by letter, what the golden vectors ask for.</summary>
    [Theory]
    [InlineData(IslDialect.X, "x identity request", "x find documents request", "x open receipt request", "x select document request", "x next text line request", "x select rows request", "x next row request")]
    [InlineData(IslDialect.Legacy, "legacy identity request", "legacy last document request", "legacy clock request", "legacy journal by number request", "legacy journal next request")]
    internal async Task Requests_are_those_of_the_vectors(IslDialect dialect, params string[] names)
    {
        FakeDatecs register = new(dialect) { Status = dialect == IslDialect.X ? [0x80, 0x80, 0x88, 0x80, 0x86, 0x9A, 0x80, 0x80] : FrameWriter.Quiet(dialect) };
        Ring(register, 1, 41);
        Run(register);
        await UntilAsync(() => Recorder.Records.Count == 41, "recorded");
        (int Command, string Data)[] asked = [.. register.Asked.Select(request => (request.Command, Plain(request.Data))).Distinct()];
        foreach (string name in names)
        {
            JsonElement means = DatecsVectors.Named(name).GetProperty("means");
            Assert.Contains((means.GetProperty("command").GetInt32(), Plain(means.GetProperty("data").GetString()!)), asked);
        }
    }

    /// <summary>Numbers and kinds differ from register to register; fields and their places do not.</summary>
    private static string Plain(string data) => data.Contains('\t', StringComparison.Ordinal)
        ? string.Join('\t', data.Split('\t').Select((field, i) => i > 0 && field.Length > 0 ? "n" : field))
        : string.Join(',', data.Split(',').Select((field, i) => i > 0 ? "n" : field));
}

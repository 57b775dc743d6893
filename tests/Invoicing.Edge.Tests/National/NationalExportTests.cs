using System.Globalization;
using System.Text;
using Invoicing.Chain;
using Invoicing.Edge.National;
using Invoicing.NationalXml.Messages;
using Invoicing.NationalXml.Signatures;
using Invoicing.Sqlite;
using Invoicing.Testing;

namespace Invoicing.Edge.Tests.National;

public sealed class NationalExportTests : IDisposable
{
    private readonly ShopJournal _shop = new();
    private readonly MessageKey _key;
    private readonly ManualTime _time = new(new(2026, 11, 22, 5, 0, 0, TimeSpan.Zero));

    public NationalExportTests() => _key = _shop.OpenKey();

    public void Dispose()
    {
        _key.Dispose();
        _key.Certificate.Dispose();
        _shop.Dispose();
    }

    [Fact]
    public async Task A_204_that_rejects_three_of_three_hundred_parks_just_these_three()
    {
        await _shop.RecordAsync(300);
        (string id, _, string path, int invoices, _) = Assert.Single(Export().Messages);
        Assert.Equal(300, invoices);
        Assert.Null(MessageVerification.Verify(File.ReadAllBytes(path), _key.Certificate));
        string[] numbers = [.. InvoiceMessage.Read(File.ReadAllBytes(path)).Invoices.Select(invoice => invoice.General["SHDon"]!)];
        Assert.Equal(300, numbers.Distinct().Count());
        string series = InvoiceMessage.Read(File.ReadAllBytes(path)).Invoices[0].General["KHHDon"]!;

        ImportedResponse taken = Import(Receipt(id, "0"));
        Assert.Empty(taken.Answers);
        byte[] check = Check("204-1", id, "7", (17, "Sai tổng tiền"), (100, "Sai thuế suất"), (300, "Thiếu tên hàng"));
        ImportedResponse imported = Import(check);

        Assert.Equal(300, imported.Answers.Length);
        using (SubmissionStore store = SubmissionStore.OpenReader(_shop.Journal)!)
        {
            Assert.Equal((297, 0), (store.Accepted, store.Waiting));
            Assert.Equal(
                [$"{series} 17: 204/7/1001 Sai tổng tiền, Lập hóa đơn thay thế", $"{series} 100: 204/7/1001 Sai thuế suất, Lập hóa đơn thay thế", $"{series} 300: 204/7/1001 Thiếu tên hàng, Lập hóa đơn thay thế"],
                store.Parked().Select(answer => $"{answer.Invoice}: {answer.Rule} {answer.Text}, {answer.Advice}"));
            Assert.Equal(SubmissionState.Checked, Assert.Single(store.Submissions()).State);
            Assert.Equal(Enumerable.Range(1, 300).Select(n => (long)n), store.Submissions()[0].Parts.Select(part => store.NewestAnswer(part.Position)!.Number));
        }

        byte[] before = Contents();
        ImportedResponse again = Import(check);
        Assert.False(again.IsNew);
        Assert.Equal(before, Contents());

        byte[] ToBytes(string text) => Encoding.UTF8.GetBytes(text);
        byte[] Contents()
        {
            using SubmissionStore store = SubmissionStore.OpenReader(_shop.Journal)!;
            return ToBytes($"{store.LastAnswer} {store.Accepted} {string.Join(';', store.Parked())} {string.Join(';', store.Submissions().Select(s => s.State))}");
        }
    }

    [Fact]
    public async Task A_response_to_an_unknown_message_is_refused_and_nothing_changes()
    {
        await _shop.RecordAsync(2);
        InvoicingException nothing = Assert.Throws<InvoicingException>(() => Import(Check("204-1", "V0107001729ABC", "2")));
        Assert.False(File.Exists(SubmissionStore.PathOf(_shop.Journal)));
        Export();

        InvoicingException fault = Assert.Throws<InvoicingException>(() => Import(Check("204-1", "V0107001729ABC", "2")));

        Assert.Equal(nothing.Message, fault.Message);
        Assert.Contains("expected a response to a message that was made of this journal, found one to 'V0107001729ABC'; nothing was changed", fault.Message, StringComparison.Ordinal);
        using SubmissionStore store = SubmissionStore.OpenReader(_shop.Journal)!;
        Assert.Equal((0, 0, 2), (store.LastAnswer, store.Accepted, store.Waiting));
        Assert.Equal(SubmissionState.Made, store.Submissions()[0].State);
    }

    [Fact]
    public async Task A_204_of_kind_9_rejects_the_whole_package()
    {
        await _shop.RecordAsync(3);
        string id = Assert.Single(Export().Messages).Id;

        Import(Check("204-1", id, "9", (1, "Chữ ký không hợp lệ")));

        using SubmissionStore store = SubmissionStore.OpenReader(_shop.Journal)!;
        Assert.Equal(["204/9/1001", "204/9/1001", "204/9/1001"], store.Parked().Select(answer => answer.Rule));
    }

    [Fact]
    public async Task A_999_with_an_error_parks_all_and_they_go_again_when_told_to()
    {
        await _shop.RecordAsync(3);
        string id = Assert.Single(Export().Messages).Id;
        Import(Receipt(id, "1"));

        Assert.Equal(3, Export().Skipped);
        (string second, _, _, int invoices, _) = Assert.Single(Export(again: true).Messages);
        Assert.Equal(3, invoices);
        Import(Check("204-1", second, "2"));

        using SubmissionStore store = SubmissionStore.OpenReader(_shop.Journal)!;
        Assert.Equal((3, 0), (store.Accepted, store.Parked().Count));
        Assert.Equal([1, 2, 3], store.Submissions()[1].Parts.Select(part => store.NewestAnswer(part.Position)!.Supersedes!.Value));
        Assert.Equal([SubmissionState.Refused, SubmissionState.Checked], store.Submissions().Select(submission => submission.State));
    }

    /// <summary>A message that is sent twice is answered "known already" by a 999: that must not park what a 204 has accepted.</summary>
    [Fact]
    public async Task A_999_with_an_error_after_the_check_changes_nothing()
    {
        await _shop.RecordAsync(3);
        string id = Assert.Single(Export().Messages).Id;
        Import(Check("204-1", id, "2"));

        Assert.Empty(Import(Receipt(id, "1")).Answers);

        using SubmissionStore store = SubmissionStore.OpenReader(_shop.Journal)!;
        Assert.Equal((3, SubmissionState.Checked), (store.Accepted, store.Submissions()[0].State));
    }

    [Fact]
    public async Task Other_bytes_under_the_id_of_a_response_are_refused()
    {
        await _shop.RecordAsync(3);
        string id = Assert.Single(Export().Messages).Id;
        Import(Check("204-1", id, "2"));

        Assert.Contains(
            "expected response 204-1 as it was imported before, found other bytes under its id",
            Assert.Throws<InvoicingException>(() => Import(Check("204-1", id, "9"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_204_supersedes_an_earlier_one()
    {
        await _shop.RecordAsync(3);
        string id = Assert.Single(Export().Messages).Id;
        Import(Check("204-1", id, "7", (2, "Sai")));
        ImportedResponse second = Import(Check("204-2", id, "2"));

        StoredAnswer answer = Assert.Single(second.Answers);
        Assert.Equal((4, 2, VerdictOutcomeKind.Accepted), (answer.Number, answer.Supersedes, answer.Outcome));
    }

    [Fact]
    public async Task What_was_exported_is_not_exported_again_and_new_sales_are()
    {
        await _shop.RecordAsync(3);
        Export();
        await _shop.RecordAsync(2, first: 4);

        ExportedMessages second = Export();

        Assert.Equal((3, 2), (second.Skipped, Assert.Single(second.Messages).Invoices));
    }

    /// <summary>The process died after the message was taken down and before its file had its name.</summary>
    [Fact]
    public async Task A_message_that_was_taken_down_gets_its_file_after_a_crash()
    {
        await _shop.RecordAsync(3);
        string path = Assert.Single(Export().Messages).Path;
        File.Move(path, path + ".part");

        ExportedMessages next = Export();

        Assert.Equal((1, 0, 3), (next.Finished, next.Messages.Count, next.Skipped));
        Assert.Null(MessageVerification.Verify(File.ReadAllBytes(path), _key.Certificate));
    }

    [Fact]
    public async Task Export_and_import_go_beside_a_gateway_that_records()
    {
        await _shop.RecordAsync(1);
        int recorded = 1;
        await _shop.RecordAsync(3, first: 2, change: sale =>
        {
            string id = Assert.Single(Export().Messages).Id;
            Import(Check($"204-{recorded++}", id, "2"));
            return sale;
        });

        using SubmissionStore store = SubmissionStore.OpenReader(_shop.Journal)!;
        Assert.Equal((3, 3), (store.Accepted, store.Submissions().Count));
    }

    [Fact]
    public async Task A_second_writer_is_refused()
    {
        await _shop.RecordAsync(1);
        Export();
        ChainId chain;
        using (var journal = Invoicing.Gateway.Journal.JournalInvoices.Open(_shop.Journal))
        {
            chain = journal.Chain;
        }

        using var first = SubmissionStore.Open(_shop.Journal, chain);

        Assert.Throws<FileInUseException>(() => Export());
    }

    [Fact]
    public async Task Submissions_of_another_chain_are_refused()
    {
        await _shop.RecordAsync(1);
        using (SubmissionStore.Open(_shop.Journal, ChainId.Create()))
        {
        }

        Assert.Contains("expected submissions of chain", Assert.Throws<InvoicingException>(() => Export()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_party_is_named_with_its_option_and_key()
    {
        await _shop.RecordAsync(1);

        InvoicingException fault = Assert.Throws<InvoicingException>(
            () => new NationalExport(_shop.Journal, new(), _shop.Out, _key, _time).Run(1, 9, again: false, CancellationToken.None));

        Assert.Contains("expected option '--sender', or 'sender' in the settings' section 'national', found neither", fault.Message, StringComparison.Ordinal);
    }

    private ExportedMessages Export(bool again = false) =>
        new NationalExport(_shop.Journal, ShopJournal.Settings, _shop.Out, _key, _time).Run(1, long.MaxValue, again, CancellationToken.None);

    private ImportedResponse Import(byte[] bytes) => ResponseImport.Run(_shop.Journal, bytes, _time);

    private static byte[] Receipt(string about, string status) => Encoding.UTF8.GetBytes(
        $"<TDiep><TTChung><MLTDiep>999</MLTDiep><MTDiep>999-{status}</MTDiep><MTDTChieu>{about}</MTDTChieu></TTChung><DLieu><TBao><MTDiep>{about}</MTDiep><TTTNhan>{status}</TTTNhan><DSLDo><LDo><MLoi>8000</MLoi><MTa>Sai định dạng</MTa></LDo></DSLDo></TBao></DLieu></TDiep>");

    private byte[] Check(string id, string about, string kind, params (int Number, string Text)[] bad)
    {
        string series = File.Exists(Path.Combine(_shop.Out, $"{about}.xml"))
            ? InvoiceMessage.Read(File.ReadAllBytes(Path.Combine(_shop.Out, $"{about}.xml"))).Invoices[0].General["KHHDon"]!
            : "C26MAA";
        string reasons = string.Concat(bad.Select(b => string.Create(
            CultureInfo.InvariantCulture,
            $"<LDo><MLoi>1001</MLoi><MTLoi>1;{series};{b.Number};{b.Text}</MTLoi><HDXLy>Lập hóa đơn thay thế</HDXLy></LDo>")));
        return Encoding.UTF8.GetBytes(
            $"<TDiep><TTChung><MLTDiep>204</MLTDiep><MTDiep>{id}</MTDiep><MTDTChieu>{about}</MTDTChieu></TTChung><DLieu><TBao><DLTBao><LTBao>{kind}</LTBao><MGDDTu>{about}</MGDDTu><LHDMTTien><DSLDo>{reasons}</DSLDo></LHDMTTien></DLTBao></TBao></DLieu></TDiep>");
    }
}

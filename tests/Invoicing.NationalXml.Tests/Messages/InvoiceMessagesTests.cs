using System.Text.RegularExpressions;
using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.NationalXml.Documents;
using Invoicing.NationalXml.Messages;
using Invoicing.NationalXml.Profiles;
using Invoicing.Sales;
using Invoicing.Testing;

namespace Invoicing.NationalXml.Tests.Messages;

public sealed class InvoiceMessagesTests(TestSeller seller) : IClassFixture<TestSeller>
{
    [Fact]
    public void Messages_hold_at_most_a_thousand_invoices_in_their_order()
    {
        SignedMessage[] messages = TestMessages.Make(seller.Key, Enumerable.Range(1, 1101).Select(n => TestInvoices.Make(n, Short(n))));

        Assert.Equal([1000, 101], messages.Select(message => message.Parts.Length));
        Assert.Equal(Enumerable.Range(1, 1101), messages.SelectMany(message => message.Parts).Select(part => part.Invoice.Number));
        Assert.Equal(Enumerable.Range(1, 1101), messages.SelectMany(m => InvoiceMessage.Read(m.Bytes).Invoices).Select(d => int.Parse(d.General["SHDon"]!, null)));
        Assert.Equal(["1000", "101"], messages.Select(m => InvoiceMessage.Read(m.Bytes).Envelope["SLuong"]));
        Assert.Equal(2, messages[0].Parts[0].Position);
    }

    [Fact]
    public void A_message_is_closed_before_two_megabytes_and_not_long_before()
    {
        SignedMessage[] messages = TestMessages.Make(
            seller.Key, Enumerable.Range(1, 200).Select(n => TestInvoices.Make(n, TestSales.Make("SIM-0001", 7, (ulong)n, lines: 100))));

        Assert.True(messages.Length > 2, $"{messages.Length} messages");
        Assert.All(messages, message => Assert.True(message.Bytes.Length <= 2_097_152));
        Assert.All(messages[..^1], message => Assert.InRange(
            message.Bytes.Length, 2_097_152 - (message.Bytes.Length / message.Parts.Length) - 3_000, 2_097_152));
    }

    [Fact]
    public void Kinds_series_and_formats_have_messages_of_their_own_even_where_they_alternate()
    {
        DateTimeOffset june = new(2026, 6, 30, 12, 0, 0, TimeSpan.Zero);
        IEnumerable<NationalInvoice> invoices = Enumerable.Range(1, 40).Select(n => (n % 4) switch
        {
            0 => TestInvoices.Make(n),
            1 => TestInvoices.Make(n, series: "C26MBB"),
            2 => TestInvoices.Make(n, kind: InvoiceKind.Sales),
            _ => TestInvoices.Make(n, recordedAt: june),
        });

        SignedMessage[] messages = TestMessages.Make(seller.Key, invoices);

        Assert.Equal(4, messages.Length);
        Assert.All(messages, message => Assert.Equal(10, message.Parts.Length));
        Assert.All(messages, message => Assert.Single(message.Parts.Select(part => (part.Invoice.Series, part.Invoice.Code.Kind)).Distinct()));
        Assert.Single(messages, message => message.Version == "2.1.0");
        Assert.Equal(messages[0].Parts.OrderBy(part => part.Position), messages[0].Parts);
    }

    [Fact]
    public void More_series_at_a_time_than_are_kept_open_close_the_one_longest_untouched()
    {
        IEnumerable<NationalInvoice> invoices = Enumerable.Range(1, 10).Select(n => TestInvoices.Make(n, series: $"C26MA{(char)('A' + (n % 5))}"));

        SignedMessage[] messages = TestMessages.Make(seller.Key, invoices);

        Assert.Equal(10, messages.Length);
        Assert.Equal(10, messages.SelectMany(message => message.Parts).Distinct().Count());
    }

    [Fact]
    public void A_message_is_signed_and_handed_on_before_the_next_invoice_is_taken()
    {
        int taken = 0;
        IEnumerable<NationalInvoice> invoices = Enumerable.Range(1, 30).Select(n =>
        {
            taken = n;
            return TestInvoices.Make(n);
        });
        List<int> seen = [.. TestMessages.Writer(seller.Key, most: 10).Write(invoices).Select(_ => taken)];

        Assert.Equal([11, 21, 30], seen);
    }

    [Fact]
    public async Task The_same_comes_of_an_asynchronous_sequence()
    {
        List<BatchItem> items = [];
        await foreach (BatchItem item in TestMessages.Writer(seller.Key, most: 10).WriteAsync(Slowly()))
        {
            items.Add(item);
        }

        SignedMessage[] expected = TestMessages.Make(seller.Key, Enumerable.Range(1, 25).Select(n => TestInvoices.Make(n)), most: 10);
        Assert.Equal(expected.Select(m => m.Bytes.ToArray()), items.Select(item => TestMessages.Ready(item).Bytes.ToArray()));

        static async IAsyncEnumerable<NationalInvoice> Slowly()
        {
            for (int n = 1; n <= 25; n++)
            {
                await Task.Yield();
                yield return TestInvoices.Make(n);
            }
        }
    }

    [Fact]
    public void Ids_are_the_sender_and_a_uuid_of_version_4_in_upper_case()
    {
        SignedMessage[] messages = TestMessages.Make(seller.Key, Enumerable.Range(1, 200).Select(n => TestInvoices.Make(n)), most: 1);

        Assert.All(messages, message => Assert.Matches(new Regex("^V0107001729[0-9A-F]{12}4[0-9A-F]{3}[89AB][0-9A-F]{15}$"), message.Id));
        Assert.Equal(200, messages.Select(message => message.Id).Distinct().Count());
        Assert.All(messages, message => Assert.Equal(message.Id, InvoiceMessage.Read(message.Bytes).Envelope["MTDiep"]));
    }

    [Theory]
    [InlineData("V0107001729001", "TCT")]
    [InlineData("0312270160", "0100109106")]
    [InlineData("K0107001730001", "TCT")]
    public void Parties_stand_in_the_envelope_as_they_are_given(string sender, string receiver)
    {
        InvoiceMessages writer = new(
            TestSeller.Seller, new(sender, receiver), ProfileSchedule.Law, seller.Key, new SeededRandomness(1), new ManualTime());

        SignedMessage message = TestMessages.Ready(Assert.Single(writer.Write([TestInvoices.Make(1)])));

        Fields envelope = InvoiceMessage.Read(message.Bytes).Envelope;
        Assert.Equal((sender, receiver, "206", "0107001729"), (envelope["MNGui"], envelope["MNNhan"], envelope["MLTDiep"], envelope["MST"]));
        Assert.StartsWith(sender, message.Id, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0107001729-001")]
    [InlineData("X0107001729")]
    [InlineData("")]
    public void Parties_of_another_form_are_refused(string sender) =>
        Assert.Contains($"found '{sender}'", Assert.Throws<InvoicingException>(() => new MessageParties(sender, "TCT")).Message, StringComparison.Ordinal);

    [Fact]
    public void What_does_not_fit_is_left_out_with_its_reasons_and_the_rest_goes_on()
    {
        NationalInvoice[] invoices =
        [
            TestInvoices.Make(1),
            TestInvoices.Make(2) with { AmountInWords = new('x', 256) },
            TestInvoices.Make(3) with { AmountInWords = string.Empty, QrCode = new('q', 513) },
            TestInvoices.Make(4, buyer: new() { Phone = "0912 345 678 901 234 567" }),
            TestInvoices.Make(5, seller: TestSeller.Seller with { TaxCode = TaxCode.Parse("0312270160") }),
            TestInvoices.Make(6, buyer: new() { Name = "a\u0001b" }),
            TestInvoices.Make(7, buyer: new() { Name = "half \uD800" }),
            TestInvoices.Make(8),
        ];

        BatchItem[] items = [.. TestMessages.Writer(seller.Key).Write(invoices)];

        Assert.Equal(
            [
                "2 VNX-LENGTH-1 at TToan/TgTTTBChu: expected at most 255 characters, found 256: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'",
                "3 VNX-MUST-1 at TToan/TgTTTBChu: expected a value, found nothing",
                "3 VNX-LENGTH-1 at HDon/DLQRCode: expected at most 512 characters, found 513: 'qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq…'",
                "4 VNX-LENGTH-1 at NMua/SDThoai: expected at most 20 characters, found 24: '0912 345 678 901 234 567'",
                "5 VNX-SELLER-1 at NBan/MST: expected 0107001729, found 0312270160",
                "6 VNX-TEXT-1 at NMua/Ten: expected text that XML can hold, found 'a\\u0001b'",
                "7 VNX-TEXT-1 at NMua/Ten: expected text that XML can hold, found 'half \\uD800'",
            ],
            items.OfType<BatchItem.LeftOut>().SelectMany(left => left.Faults.Select(fault => $"{left.Part.Invoice.Number} {fault}")));
        Assert.Equal([1, 8], TestMessages.Ready(Assert.Single(items.OfType<BatchItem.Ready>())).Parts.Select(part => part.Invoice.Number));
    }

    [Fact]
    public void Special_goods_do_not_fit_a_format_that_does_not_know_them()
    {
        Sale sale = Short(1);
        sale = sale with { Lines = [sale.Lines[0] with { Nature = LineNature.Special, Special = new(SpecialGoodsType.Transport, "29A-123.45") }] };

        var left = (BatchItem.LeftOut)Assert.Single(TestMessages.Writer(seller.Key, "2.0.1").Write([TestInvoices.Make(1, sale)]));

        Assert.Equal("VNX-NATURE-1 at HHDVu[1]/TChat: expected one of 1234 in format 2.0.1, found 5", Assert.Single(left.Faults).ToString());
        Assert.Single(TestMessages.Make(seller.Key, [TestInvoices.Make(1, sale)], "2.1.0"));
    }

    [Fact]
    public void Kinds_whose_form_is_not_known_are_left_out()
    {
        var left = (BatchItem.LeftOut)Assert.Single(TestMessages.Writer(seller.Key).Write([TestInvoices.Make(1, kind: InvoiceKind.Commercial)]));

        Assert.Equal("VNX-KIND-1 at TTChung/KHMSHDon: expected 1 (VAT) or 2 (sales), found 7", Assert.Single(left.Faults).ToString());
    }

    /// <summary>A little sale of one line.</summary>
    private static Sale Short(int number) => new()
    {
        Key = new(new("SIM-0001"), 7, (ulong)number),
        Lines = [new() { Name = "Trà đá", Quantity = 1, UnitPrice = 5_000, Rate = TaxRate.Eight, Amount = new(5_000) }],
        Total = new(5_000),
    };
}

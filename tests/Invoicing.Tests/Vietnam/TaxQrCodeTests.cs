using Invoicing.Invoices;
using Invoicing.Testing;
using Invoicing.Tests.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Tests.Vietnam;

public sealed class TaxQrCodeTests
{
    /// <summary>Decision 1271/QĐ-CT, Annex XIII.</summary>
    private const string OfficialSample =
        "00020101021202142657895426548904141568265489515426280010A0000007750110010700172952045499530370454061200005802VN5905DNXYZ6005HANOI"
        + "62400115S757CK5HTIE918E0307SHOPXYZ0706XYZ00199740010A00000077501130107001729001020110306C21TYY04026805082021112106061200006304383C";

    private static readonly TaxQrCode Official = new()
    {
        Payment = [new(2, "26578954265489"), new(4, "15682654895154"), new(26, QrField.Join(new QrField(0, "A000000775"), new QrField(1, "0107001729")))],
        Category = "5499",
        Amount = new(120_000),
        Merchant = "DNXYZ",
        City = "HANOI",
        Bill = "S757CK5HTIE918E",
        Store = "SHOPXYZ",
        Terminal = "XYZ001",
        SellerTaxCode = TaxCode.Parse("0107001729-001"),
        Kind = InvoiceKind.Vat,
        Series = "C21TYY",
        Number = 68,
        IssuedOn = new(2021, 11, 21),
        Total = new(120_000),
    };

    [Fact]
    public void The_official_example_is_reproduced_byte_for_byte() => Assert.Equal(OfficialSample, Official.Write());

    [Fact]
    public void The_official_example_is_read_by_the_tests_own_reader()
    {
        Dictionary<string, string> values = QrReader.Read(OfficialSample);

        Assert.Equal(("A000000775", "0107001729001", "1", "C21TYY"), (values["99.00"], values["99.01"], values["99.02"], values["99.03"]));
        Assert.Equal(("68", "20211121", "120000"), (values["99.04"], values["99.05"], values["99.06"]));
        Assert.Equal(("0107001729", "XYZ001", "383C"), (values["26.01"], values["62.07"], values["63"]));
    }

    [Theory]
    [InlineData("123456789", 0x29B1)]
    [InlineData("", 0xFFFF)]
    [InlineData("A", 0xB915)]
    public void The_checksum_is_that_of_the_specification(string text, int crc)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(text);

        Assert.Equal(crc, Crc16.Of(bytes));
        Assert.Equal(crc, QrReader.Checksum(bytes));
    }

    [Fact]
    public void An_invoice_of_ours_says_what_it_knows_and_nothing_else()
    {
        Dictionary<string, string> values = QrReader.Read(TaxQrCode.Of(Coffee(), SomeSales.Shop with { Address = "1 Tràng Tiền, Thành phố Hà Nội" }).Write());

        Assert.Equal(
            [
                "00=01", "01=12", "53=704", "54=100000", "58=VN", "59=CA PHE SONG HONG", "60=HA NOI", "62=0106000123" + "0708SIM-0001", "62.01=000123",
                "62.07=SIM-0001",
                "99=0010A000000775" + "01100107001729" + "02011" + "0306C26MAA" + "040217" + "050820260701" + "0606100000", "99.00=A000000775",
                "99.01=0107001729", "99.02=1", "99.03=C26MAA", "99.04=17", "99.05=20260701", "99.06=100000",
            ],
            values.Where(value => value.Key != "63").Select(value => $"{value.Key}={value.Value}"));
    }

    [Fact]
    public void Differences_below_nothing_are_stated_and_not_to_be_paid()
    {
        Invoice less = Coffee() with { Sale = SomeSales.Coffee() with { Total = new(-5_000), ReceiptNumber = null } };

        Dictionary<string, string> values = QrReader.Read(TaxQrCode.Of(less, SomeSales.Shop).Write());

        Assert.Equal("-5000", values["99.06"]);
        Assert.False(values.ContainsKey("54"));
        Assert.False(values.ContainsKey("62.01"));
    }

    [Theory]
    [InlineData("Công ty TNHH Thương mại và Dịch vụ Sông Hồng", "1 Tràng Tiền, TP. Hồ Chí Minh, Việt Nam", "CONG TY TNHH THUONG MAI", "HO CHI MINH")]
    [InlineData("1234567890123456789012345", "ấp 3, Tỉnh Đồng Tháp", "1234567890123456789012345", "DONG THAP")]
    [InlineData("12345678901234567890 2345 7", "Chợ, Bà Rịa - Vũng Tàu", "12345678901234567890 2345", "")]
    [InlineData("12345678901234567890123456", "12 phố Huế", "", "")]
    [InlineData("Co\u031B\u0300  Đỏ 東京", "Chợ, Hue\u0302\u0301", "CO DO", "HUE")]
    public void Name_and_city_are_plain_words_that_fit(string name, string address, string merchant, string city)
    {
        var code = TaxQrCode.Of(Coffee(), SomeSales.Shop with { Name = name, Address = address });

        Assert.Equal((merchant, city), (code.Merchant, code.City));
        Assert.Equal(merchant, QrReader.Read(code.Write()).GetValueOrDefault("59", string.Empty));
    }

    [Fact]
    public void A_place_of_business_names_itself()
    {
        var code = TaxQrCode.Of(Coffee(), SomeSales.Shop with { PlaceName = "Quán 2", PlaceAddress = "5 Lê Lợi, Huế" });

        Assert.Equal(("QUAN 2", "HUE"), (code.Merchant, code.City));
    }

    [Fact]
    public void A_value_of_99_characters_fits_and_one_of_100_is_a_fault_and_never_cut()
    {
        // Letters of the first plane, and one that .NET counts twice: the specification counts characters.
        string most = new string('ế', 98) + "😀";
        TaxQrCode longer = Official with { Merchant = most + "x" };

        Assert.Equal(most, QrReader.Read((Official with { Merchant = most }).Write())["59"]);
        Assert.Equal(
            $"VN-QR-1 at 59: expected at most 99 characters, found 100 characters, '{new string('ế', 60)}…'", Assert.Single(longer.Judge()).ToString());
        Assert.Contains("VN-QR-1 at 59: expected at most 99", Assert.Throws<InvoicingException>(() => longer.Write()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_that_its_parts_overfill_is_a_fault()
    {
        Assert.Equal(
            "VN-QR-1 at 62: expected at most 99 characters, found 100 characters",
            Assert.Single((Official with { Bill = new string('b', 75) }).Judge()).ToString());
        Assert.Empty((Official with { Bill = new string('b', 74) }).Judge()); // 4 + 74, and 11 and 10 of store and register
    }

    [Fact]
    public void A_code_of_512_characters_fits_and_one_of_513_is_a_fault()
    {
        TaxQrCode code = Official with { Payment = [new(2, new string('2', 99)), new(4, new string('4', 99)), new(5, new string('5', 40))], Merchant = string.Empty };
        int length = code.Write().Length;
        TaxQrCode most = code with { Merchant = new string('m', 512 - length - 4) };

        Assert.Equal(512, most.Write().Length);
        _ = QrReader.Read(most.Write());
        Assert.Equal(
            "VN-QR-2 at DLQRCode: expected at most 512 characters, found 513 characters",
            Assert.Single((most with { Merchant = most.Merchant + "m" }).Judge()).ToString());
    }

    [Fact]
    public void Halves_of_characters_are_a_fault() =>
        Assert.Equal("VN-QR-1", Assert.Single((Official with { Bill = "1\uD83D" }).Judge()).RuleId);

    [Theory]
    [InlineData(1)]
    [InlineData(52)]
    [InlineData(99)]
    [InlineData(3)]
    public void An_account_has_an_id_of_its_own(int id)
    {
        Assert.Equal(
            $"VN-QR-1 at Payment: expected elements 02 to 51, each once, found {id}, 3",
            Assert.Single((Official with { Payment = [new(id, "1"), new(3, "1")] }).Judge()).ToString());
    }

    [Fact]
    public void Whatever_is_written_is_read_back() => Seeded.Run(500, random =>
    {
        TaxQrCode code = Official with
        {
            Payment = [.. Enumerable.Range(2, random.Next(3)).Select(id => new QrField(id, AnyText(random, 60)))],
            Category = AnyText(random, 4),
            Merchant = AnyText(random, 25),
            City = AnyText(random, 15),
            Bill = AnyText(random, 25),
            Store = AnyText(random, 25),
            Terminal = AnyText(random, 25),
            Number = random.Next(1, 100_000_000),
            Total = new(random.NextInt64(-1_000_000, 1_000_000_000)),
        };

        Dictionary<string, string> values = QrReader.Read(code.Write());

        Assert.Equal(
            [code.Category, code.Merchant, code.City, code.Bill, code.Store, code.Terminal, $"{code.Number}", $"{code.Total.Dong}"],
            (string[])[.. new[] { "52", "59", "60", "62.01", "62.03", "62.07", "99.04", "99.06" }.Select(id => values.GetValueOrDefault(id, string.Empty))]);
        Assert.All(code.Payment.Where(field => field.Value.Length > 0), field => Assert.Equal(field.Value, values[$"{field.Id:00}"]));
    });

    private static string AnyText(Random random, int most) =>
        string.Concat(Enumerable.Range(0, random.Next(most + 1)).Select(_ => random.GetItems(["a", "7", "ế", " ", "😀", "0"], 1)[0]));

    private static Invoice Coffee() => Assert.IsType<DraftResult.Drafted>(
        InvoiceDrafting.Draft(SomeSales.Coffee(), SomeSales.Shop, InvoiceKind.Vat, SomeSales.Evening)).Draft
        .Number(new(AuthorityCode.Parse("M1-26-A1B2C-00001234567"), InvoiceSeries.Parse("C26MAA"), 17));
}

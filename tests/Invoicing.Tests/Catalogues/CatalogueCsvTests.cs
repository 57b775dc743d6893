using System.Globalization;
using System.Text;
using Invoicing.Amounts;
using Invoicing.Catalogues;
using Invoicing.Sales;
using Invoicing.Testing;
using static Invoicing.Tests.Catalogues.SomeItems;

namespace Invoicing.Tests.Catalogues;

public sealed class CatalogueCsvTests
{
    [Fact]
    public void A_list_from_a_Vietnamese_spreadsheet_is_read()
    {
        const string Text = "Mã hàng;Mã vạch;Tên hàng;ĐVT;Thuế suất;Giá bán;Từ ngày\r\n"
            + "CF01;;\"Cà phê \"\"đặc biệt\"\"; sữa đá\";ly;8;29000;01/07/2026\r\n;8930000000017;Cam sành;kg;kct;42000;\r\n\r\n;;Phụ thu;;KHAC:5,26%;;\r\n";

        CatalogueReading reading = Read("\uFEFF" + Text);

        Assert.Empty(reading.Faults);
        Assert.Equal(["Giá bán"], reading.IgnoredColumns.AsEnumerable());
        Assert.Equal(Catalogue(
            Item(CatalogueKeyKind.Plu, "CF01", "Cà phê \"đặc biệt\"; sữa đá", TaxRate.Eight, "ly", from: new(2026, 7, 1)),
            Item(CatalogueKeyKind.BarCode, "8930000000017", "Cam sành", TaxRate.NotSubject, "kg"),
            Item(CatalogueKeyKind.Words, "Phụ thu", "Phụ thu", TaxRate.Other(526))).Hash, reading.Catalogue!.Hash);
        Assert.Equal(reading.Catalogue.Hash, Read(Text).Catalogue!.Hash);
    }

    [Theory]
    [InlineData(",")]
    [InlineData(";")]
    [InlineData("\t")]
    public void The_separator_is_found_from_the_header(string separator)
    {
        string text = string.Join('\n', new[] { "PLU|\"Name, with; all\"|RATE|name", "1|x|10%|Bia", "" }.Select(row => row.Replace("|", separator, StringComparison.Ordinal)));

        CatalogueReading reading = Read(text);

        Assert.Empty(reading.Faults);
        Assert.Equal(["Name, with; all"], reading.IgnoredColumns.AsEnumerable());
        Assert.Equal(Item(CatalogueKeyKind.Plu, "1", "Bia", TaxRate.Ten), Assert.Single(reading.Catalogue!.Items));
    }

    [Fact]
    public void A_row_makes_an_item_for_each_of_its_keys()
    {
        CatalogueReading reading = Read("plu,barcode,department,words,name,rate,nature\n1,2,3,BANH MI,Bánh mì,8%,1\n");

        Assert.Equal(
            ["PLU 1", "bar code 2", "department 3", "words 'BANH MI'"], reading.Catalogue!.Items.Select(item => item.Key.ToString()));
        Assert.All(reading.Catalogue.Items, item => Assert.Equal(("Bánh mì", LineNature.Goods), (item.Name, item.Nature)));
    }

    [Theory]
    [InlineData("8%", "8%")]
    [InlineData("8", "8%")]
    [InlineData(" 10 % ", "10%")]
    [InlineData("8.00%", "8%")]
    [InlineData("8,0", "8%")]
    [InlineData("0", "0%")]
    [InlineData("kct", "KCT")]
    [InlineData("KKKNT", "KKKNT")]
    [InlineData("KHAC:5.26%", "KHAC:05.26%")]
    [InlineData("KHAC:8", "KHAC:08.00%")]
    [InlineData("7%", null)]
    [InlineData("8%%", null)]
    [InlineData("-8", null)]
    [InlineData("8.5", null)]
    [InlineData("0.08", null)]
    [InlineData("KHAC:", null)]
    [InlineData("KHAC:100", null)]
    [InlineData("KHAC:5.263%", null)]
    [InlineData("tám", null)]
    [InlineData("٨", null)]
    public void Rates_are_read_as_people_write_them(string text, string? rate)
    {
        CatalogueReading reading = Read($"plu;name;rate\n1;a;{text}\n");

        if (rate is null)
        {
            CatalogueFileFault fault = Assert.Single(reading.Faults);
            Assert.Equal((2, "rate"), (fault.Line, fault.Column));
            Assert.StartsWith("0%, 5%, 8%, 10%", fault.Expected, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(rate, reading.Catalogue!.Items[0].Rate.ToString());
        }
    }

    [Fact]
    public void Every_fault_is_told_at_once_with_line_and_column()
    {
        const string Text = "mã hàng;mã vạch;tên hàng;thuế suất;nature;từ ngày\n"
            + "1;;a;9%;;\n" // 2
            + "2;;b;8;7;2026-13-01\n" // 3: two
            + "3;;c;8\n" // 4
            + "4;;\"d\nd\";8;;\n" // 5 and 6: a line feed in a name
            + "1;;a\"b;8;;\n" // 7
            + ";;;8;;\n" // 8
            + "5;;e;8;;\n" // 9
            + "5;;f;8;;\n" // 10
            + "6;8.93456E+12;g;8;;\n" // 11
            + "7;;\"x\"y;8;;\n" // 12
            + "8;;\"open;8;;\n"; // 13

        CatalogueReading reading = Read(Text);

        Assert.Null(reading.Catalogue);
        Assert.Equal(
            [
                "line 2, column 'thuế suất': expected 0%, 5%, 8%, 10% (with or without '%'), KCT, KKKNT, or KHAC:5.26%, found '9%'",
                "line 3, column 'nature': expected 1 goods, 2 promotion, 3 trade discount, 4 note, 5 special goods, or nothing, found '7'",
                "line 3, column 'từ ngày': expected a day such as 2026-07-01 or 01/07/2026, found '2026-13-01'",
                "line 4: expected 6 fields with ';' between them, as in the header, found 4",
                "line 7: expected quotes around the whole field, doubled inside it, found 'a\"'",
                "line 8: expected a PLU, a bar code, a department, words or a name, found none of them",
                "line 10, column 'mã hàng': expected one item for PLU 5 from each first day on, found another than in line 9",
                "line 11, column 'mã vạch': expected all digits of the bar code; format the column as text in the spreadsheet and save it again, found '8.93456E+12'",
                "line 12: expected a separator or the line's end after a closing quote, found 'y'",
                "line 13: expected a closing quote, found the end of the file",
            ],
            reading.Faults.Select(fault => fault.ToString()));
    }

    [Theory]
    [InlineData("", "line 1: expected a header line with the names of the columns, found none")]
    [InlineData("price;stock\n1;2\n", "line 1: expected a column with plu, barcode, department, words or name")]
    [InlineData("plu;code;name\n", "line 1, column 'code': expected one column for what 'plu' is, found two")]
    [InlineData("plu;name\n", "line 0: expected at least one item, found none")]
    [InlineData("plu;name\n1;\n", "line 2: expected a name, a unit, a rate or a nature, found none of them")]
    public void A_file_that_is_no_list_is_told(string text, string fault)
    {
        Assert.StartsWith(fault, Assert.Single(Read(text).Faults).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_and_too_many_bytes_are_told()
    {
        byte[] latin = [.. "plu;name\n1;"u8, 0xE0, (byte)'\n'];

        Assert.StartsWith("UTF-8", Assert.Single(CatalogueCsv.Read(latin, Compose).Faults).Expected, StringComparison.Ordinal);
        Assert.Contains(
            "at most 16777216 bytes", Assert.Single(CatalogueCsv.Read(new byte[ShopCatalogue.MaxBytes + 1], Compose).Faults).Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_and_rows_have_their_limits()
    {
        var wrong = new StringBuilder("plu;name;rate\n");
        var many = new StringBuilder("plu;name;rate\n");
        for (int i = 0; i <= ShopCatalogue.MaxItems; i++)
        {
            wrong.Append(CultureInfo.InvariantCulture, $"{i};a;9%\n");
            many.Append(CultureInfo.InvariantCulture, $"{i};a;8%\n");
        }

        Assert.Equal(CatalogueReading.MaxFaults, Read(wrong.ToString()).Faults.Length);
        Assert.Equal("line 100002: expected at most 100000 rows, found more", Assert.Single(Read(many.ToString()).Faults).ToString());
    }

    [Fact]
    public void Every_catalogue_is_written_and_read_back() => Seeded.Run(300, random =>
    {
        CatalogueItem[] items = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => Any(random)).DistinctBy(item => (item.Key, item.ValidFrom))];
        ShopCatalogue made = Catalogue(items);

        CatalogueReading reading = Read(CatalogueCsv.Write(made.Items, ",;\t"[random.Next(3)]));

        Assert.Empty(reading.Faults);
        Assert.Equal(made.Hash, reading.Catalogue!.Hash);
    });

    [Fact]
    public void No_text_makes_the_reader_throw() => Seeded.Run(3000, random =>
    {
        const string Letters = "\"\"\"\n\n\r;;,\tpluname18%đ ";
        char[] text = [.. Enumerable.Range(0, random.Next(60)).Select(_ => Letters[random.Next(Letters.Length)])];

        CatalogueReading reading = Read((random.Next(2) == 0 ? "plu;name;rate\n" : "") + new string(text));

        Assert.Equal(reading.Catalogue is null, !reading.Faults.IsEmpty);
    });

    private static CatalogueReading Read(string text) => CatalogueCsv.Read(Encoding.UTF8.GetBytes(text), Compose);
}

using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using Invoicing.Amounts;
using Invoicing.Sales;

namespace Invoicing.Catalogues;

/// <summary>Rows of a CSV file, one by one, as items.</summary>
internal sealed class CatalogueCsvRows(CsvReader rows, ReadingFaults faults, Func<string, string> compose)
{
    private static readonly (CatalogueColumn Column, CatalogueKeyKind Kind)[] Keys =
    [
        (CatalogueColumn.Plu, CatalogueKeyKind.Plu), (CatalogueColumn.BarCode, CatalogueKeyKind.BarCode),
        (CatalogueColumn.Department, CatalogueKeyKind.Department), (CatalogueColumn.Words, CatalogueKeyKind.Words),
    ];

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.,");

    private readonly CatalogueAssembly _items = new(faults, compose);
    private readonly Dictionary<CatalogueColumn, int> _places = [];
    private string[] _header = [];

    /// <summary>Reads all of them.</summary>
    public CatalogueReading Read()
    {
        ImmutableArray<string> ignored = ReadHeader();
        int read = 0;
        while (_places.Count > 0 && !faults.IsFull && rows.TryRead(out CsvRow row))
        {
            if (row.IsBlank || Array.TrueForAll(row.Fields, string.IsNullOrWhiteSpace))
            {
                continue;
            }

            if (++read > ShopCatalogue.MaxItems)
            {
                faults.Add(row.Line, string.Empty, $"at most {ShopCatalogue.MaxItems} rows", "more");
                break;
            }

            if (row.Fields.Length != _header.Length)
            {
                string expected = $"{_header.Length} fields with {Shown(rows.Separator)} between them, as in the header";
                faults.Add(row.Line, string.Empty, expected, $"{row.Fields.Length}");
                continue;
            }

            Take(row);
        }

        return _items.Read(ignored);
    }

    private static string Shown(char separator) => separator == '\t' ? "a tab" : $"'{separator}'";

    private ImmutableArray<string> ReadHeader()
    {
        if (!rows.TryRead(out CsvRow header))
        {
            faults.Add(1, string.Empty, "a header line with the names of the columns", "none");
            return [];
        }

        _header = header.Fields;
        ImmutableArray<string>.Builder ignored = ImmutableArray.CreateBuilder<string>();
        for (int i = 0; i < _header.Length; i++)
        {
            if (CatalogueColumns.Of(_header[i], compose) is not { } column)
            {
                ignored.Add(_header[i]);
            }
            else if (!_places.TryAdd(column, i))
            {
                faults.Add(header.Line, _header[i], $"one column for what '{_header[_places[column]]}' is", "two");
            }
        }

        if (!_places.ContainsKey(CatalogueColumn.Name) && !Array.Exists(Keys, key => _places.ContainsKey(key.Column)))
        {
            faults.Add(
                header.Line,
                string.Empty,
                "a column with plu, barcode, department, words or name (mã hàng, mã vạch, nhóm hàng, tên in, tên hàng)",
                CatalogueText.Show(string.Join(", ", _header)));
            _places.Clear();
        }

        return ignored.ToImmutable();
    }

    private void Take(CsvRow row)
    {
        string name = Field(row, CatalogueColumn.Name);
        bool isRead = TryRate(row, out TaxRate? rate) & TryNature(row, out LineNature? nature) & TryFrom(row, out DateOnly from);
        bool hasKey = false;
        foreach ((CatalogueColumn column, CatalogueKeyKind kind) in Keys)
        {
            string key = Field(row, column);
            if (key.Length > 0)
            {
                hasKey = true;
                if (column == CatalogueColumn.BarCode && IsRounded(key))
                {
                    _ = Refuse(row, column, "all digits of the bar code; format the column as text in the spreadsheet and save it again", key);
                    continue;
                }

                Add(new(kind, key), column);
            }
        }

        if (!hasKey && name.Length > 0)
        {
            Add(new(CatalogueKeyKind.Words, name), CatalogueColumn.Name);
        }
        else if (!hasKey)
        {
            faults.Add(row.Line, string.Empty, "a PLU, a bar code, a department, words or a name", "none of them");
        }

        void Add(CatalogueKey key, CatalogueColumn keyColumn)
        {
            if (isRead)
            {
                CatalogueItem item = new()
                {
                    Key = key,
                    Name = name,
                    Unit = Field(row, CatalogueColumn.Unit),
                    Rate = rate,
                    Nature = nature,
                    ValidFrom = from,
                };
                _items.Add(row.Line, item, part => HeaderOf(part, keyColumn));
            }
        }
    }

    /// <summary>Whether a spreadsheet wrote a long number as 8.93E+12 and lost its digits.</summary>
    private static bool IsRounded(string code)
    {
        int power = code.IndexOf("E+", StringComparison.OrdinalIgnoreCase);
        return power > 0
            && !code.AsSpan(0, power).ContainsAnyExcept(NumberCharacters)
            && !code.AsSpan(power + 2).ContainsAnyExceptInRange('0', '9');
    }

    private string HeaderOf(string part, CatalogueColumn key) => part switch
    {
        "key" => _header[_places[key]],
        "name" => _header[_places[CatalogueColumn.Name]],
        "unit" => _header[_places[CatalogueColumn.Unit]],
        _ => string.Empty,
    };

    private string Field(CsvRow row, CatalogueColumn column) =>
        _places.TryGetValue(column, out int place) ? CatalogueText.Collapse(row.Fields[place], compose) : string.Empty;

    private bool TryRate(CsvRow row, out TaxRate? rate)
    {
        string text = Field(row, CatalogueColumn.Rate);
        bool isRead = RateText.TryParse(text, out TaxRate found);
        rate = isRead ? found : null;
        return isRead || text.Length == 0 || Refuse(row, CatalogueColumn.Rate, RateText.Expected, text);
    }

    private bool TryNature(CsvRow row, out LineNature? nature)
    {
        string text = Field(row, CatalogueColumn.Nature);
        nature = text is [>= '1' and <= '5'] ? (LineNature)(text[0] - '0') : null;
        return nature is not null || text.Length == 0 || Refuse(
            row, CatalogueColumn.Nature, "1 goods, 2 promotion, 3 trade discount, 4 note, 5 special goods, or nothing", text);
    }

    private bool TryFrom(CsvRow row, out DateOnly from)
    {
        string text = Field(row, CatalogueColumn.ValidFrom);
        from = CatalogueItem.Always;
        return text.Length == 0
            || DateOnly.TryParseExact(text, ["yyyy-MM-dd", "d/M/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out from)
            || Refuse(row, CatalogueColumn.ValidFrom, "a day such as 2026-07-01 or 01/07/2026", text);
    }

    private bool Refuse(CsvRow row, CatalogueColumn column, string expected, string found)
    {
        faults.Add(row.Line, _header[_places[column]], expected, CatalogueText.Show(found));
        return false;
    }
}

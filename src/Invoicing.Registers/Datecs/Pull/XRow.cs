using System.Text;

namespace Invoicing.Registers.Datecs.Pull;

/// <summary>Takes apart a row of sold goods: 14 columns, separated by semicolons and quoted where they hold one, or by tabs.</summary>
internal static class XRow
{
    /// <summary>How many columns a row has.</summary>
    public const int Columns = 14;

    /// <summary>The device's serial.</summary>
    public const int Device = 0;

    /// <summary>Kind: 1 receipt, 2 extended receipt, 3 storno, 4 extended storno.</summary>
    public const int Kind = 1;

    /// <summary>Number of the receipt.</summary>
    public const int Receipt = 2;

    /// <summary>Name of the goods.</summary>
    public const int Name = 4;

    /// <summary>Price of one unit.</summary>
    public const int Price = 5;

    /// <summary>Quantity.</summary>
    public const int Quantity = 6;

    /// <summary>What the line comes to after its discount.</summary>
    public const int Value = 7;

    /// <summary>What the receipt comes to.</summary>
    public const int Total = 8;

    /// <summary>The buyer's tax id.</summary>
    public const int Buyer = 10;

    /// <summary>Number of the receipt that is taken back.</summary>
    public const int Reversed = 11;

    /// <summary>Reads a row's columns.</summary>
    /// <param name="fields">The fields of the reply: one with all columns, or one for each.</param>
    /// <returns>The columns, however many there are.</returns>
    public static IReadOnlyList<string> Read(IReadOnlyList<string> fields) => fields.Count == 1 ? Split(fields[0]) : fields;

    private static List<string> Split(string row)
    {
        List<string> columns = [];
        StringBuilder column = new();
        bool isQuoted = false;
        for (int i = 0; i < row.Length; i++)
        {
            char c = row[i];
            if (isQuoted && c == '"' && i + 1 < row.Length && row[i + 1] == '"')
            {
                column.Append(row[++i]);
            }
            else if (c == '"' && (isQuoted || column.Length == 0))
            {
                isQuoted = !isQuoted;
            }
            else if (c == ';' && !isQuoted)
            {
                columns.Add(column.ToString());
                column.Clear();
            }
            else
            {
                column.Append(c);
            }
        }

        columns.Add(column.ToString());
        return columns;
    }
}

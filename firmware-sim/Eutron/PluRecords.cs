using System.Buffers.Binary;
using System.Text;
using FirmwareSim.Tills;

namespace FirmwareSim.Eutron;

/// <summary>Rows of the table of articles as the register sends them (§3.1): code, name of 25, department, four prices, cost, link, inventory.</summary>
internal static class PluRecords
{
    /// <summary>The number by which 'D' asks for all rows at once.</summary>
    public const int Table = 2;

    /// <summary>The number of the first article's row, by which 'D' asks for some; the numbers of those behind it follow.</summary>
    public const int FirstRow = 10_001;

    /// <summary>Length of a row.</summary>
    public const int Length = 67;

    private const int NameLength = 25;

    /// <summary>The rows that a request of 'D' asks for, each with its number.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="which">Table or first row and, for rows, the last one; two bytes each.</param>
    public static IEnumerable<(ushort Number, PluRow Row)> Asked(IReadOnlyList<PluRow> rows, ReadOnlySpan<byte> which)
    {
        const int Numbers = 4;
        if (which.Length < 2)
        {
            return [];
        }

        int first = BinaryPrimitives.ReadUInt16LittleEndian(which);
        if (first < FirstRow || which.Length < Numbers)
        {
            return first == Table ? rows.Select((row, i) => ((ushort)(FirstRow + i), row)) : [];
        }

        int last = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(which[2..]), FirstRow + rows.Count - 1);
        return Enumerable.Range(first, Math.Max(0, last - first + 1)).Select(number => ((ushort)number, rows[number - FirstRow]));
    }

    public static byte[] Of(PluRow row)
    {
        string name = row.Name.Length > NameLength ? row.Name[..NameLength] : row.Name.PadRight(NameLength);
        byte[] department = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(department, (ushort)row.Department);
        byte[] none = PackedBcd.Of(0, 5);
        return
        [
            .. PackedBcd.Of(row.Number, 7), .. Encoding.ASCII.GetBytes(name), 0, 0, .. department,
            .. PackedBcd.Of(row.Price, 5), .. none, .. none, .. none, .. none, 0, 0, .. PackedBcd.Of(0, 4),
        ];
    }
}

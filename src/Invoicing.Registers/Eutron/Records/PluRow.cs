using System.Text;

namespace Invoicing.Registers.Eutron.Records;

/// <summary>One row of the table of articles.</summary>
/// <remarks>
/// A row is Random[7] BCD, Name[25], OFFIndex u16, Dept, DeptHi, Price[4][5], Cost[5], Link u16, Inventory[4] (registers.md §3.1), behind up to
/// two bytes: a filler before the rows of a whole table, the row's number before one that was asked for by it.
/// </remarks>
internal readonly struct PluRow
{
    /// <summary>Bytes of a row, without what stands before it.</summary>
    public const int Length = 67;

    private const int CodeLength = 7;
    private const int NameLength = 25;
    private const int MaxBefore = 2;

    private readonly ReadOnlyMemory<byte> _name;

    private PluRow(long code, ReadOnlyMemory<byte> name)
    {
        Code = code;
        _name = name;
    }

    /// <summary>The article's code, at least 1.</summary>
    public long Code { get; }

    /// <summary>Reads a row as it came.</summary>
    /// <returns><see langword="null"/> if it is no row, or names no article.</returns>
    public static PluRow? Read(ReadOnlyMemory<byte> row)
    {
        int before = row.Length - Length;
        return before is >= 0 and <= MaxBefore && Bcd.Read(row.Span.Slice(before, CodeLength)) is > 0 and { } code
            ? new PluRow(code, row.Slice(before + CodeLength, NameLength))
            : null;
    }

    /// <summary>The article's name in a code page.</summary>
    public string Name(Encoding encoding) => encoding.GetString(_name.Span).TrimEnd('\0', ' ');
}

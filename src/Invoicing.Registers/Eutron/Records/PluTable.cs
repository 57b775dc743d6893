using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Text;

namespace Invoicing.Registers.Eutron.Records;

/// <summary>Names of articles at one moment, from the register's table. Immutable.</summary>
/// <remarks>
/// A row is Random[7] BCD, Name[25], OFFIndex u16, Dept, DeptHi, Price[4][5], Cost[5], Link u16, Inventory[4] (registers.md §3.1), behind up to
/// two bytes that are not used. Names are kept as the register's bytes until they are asked for, and read in the code page of the configuration.
/// </remarks>
internal sealed class PluTable
{
    /// <summary>No articles.</summary>
    public static readonly PluTable Empty = new(FrozenDictionary<long, string>.Empty, default);

    /// <summary>Bytes of a row, without what stands before it.</summary>
    public const int RowLength = 67;

    private const int CodeLength = 7;
    private const int NameLength = 25;

    private readonly FrozenDictionary<long, string> _names;

    private PluTable(FrozenDictionary<long, string> names, ReadOnlyMemory<byte> bytes)
    {
        _names = names;
        Bytes = bytes;
    }

    /// <summary>The rows as they are kept: each with its length before it, u16.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>How many articles it names.</summary>
    public int Count => _names.Count;

    /// <summary>Makes a table of rows as they came.</summary>
    public static PluTable Of(IReadOnlyList<ReadOnlyMemory<byte>> rows, Encoding encoding)
    {
        Dictionary<long, string> names = [];
        using MemoryStream kept = new();
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        foreach (ReadOnlyMemory<byte> row in rows)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)Math.Min(row.Length, ushort.MaxValue));
            kept.Write(length);
            kept.Write(row.Span[..Math.Min(row.Length, ushort.MaxValue)]);
            int skip = row.Length - RowLength;
            if (skip is >= 0 and <= 2 && Bcd.Read(row.Span.Slice(skip, CodeLength)) is > 0 and { } code)
            {
                names[code] = encoding.GetString(row.Span.Slice(skip + CodeLength, NameLength)).TrimEnd('\0', ' ');
            }
        }

        return new(names.ToFrozenDictionary(), kept.ToArray());
    }

    /// <summary>Reads a table as it was kept.</summary>
    public static PluTable Read(ReadOnlyMemory<byte> kept, Encoding encoding) => Of(Split(kept), encoding);

    /// <summary>The rows of a table as it was kept.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> kept)
    {
        List<ReadOnlyMemory<byte>> rows = [];
        while (kept.Length >= sizeof(ushort))
        {
            int length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(kept.Span), kept.Length - sizeof(ushort));
            rows.Add(kept.Slice(sizeof(ushort), length));
            kept = kept[(sizeof(ushort) + length)..];
        }

        return rows;
    }

    /// <summary>Name of an article; <see langword="null"/> if the table does not have it.</summary>
    public string? NameOf(long article) => _names.GetValueOrDefault(article);
}

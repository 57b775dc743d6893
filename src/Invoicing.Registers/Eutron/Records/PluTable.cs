using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Text;

namespace Invoicing.Registers.Eutron.Records;

/// <summary>Names of articles at one moment, from the register's table. Immutable.</summary>
/// <remarks>Rows: <see cref="PluRow"/>. Names are read in the code page of the configuration.</remarks>
internal sealed class PluTable
{
    /// <summary>No articles.</summary>
    public static readonly PluTable Empty = new(FrozenDictionary<long, string>.Empty);

    private readonly FrozenDictionary<long, string> _names;

    private PluTable(FrozenDictionary<long, string> names) => _names = names;

    /// <summary>How many articles it names.</summary>
    public int Count => _names.Count;

    /// <summary>Makes a table of rows as they came.</summary>
    public static PluTable Of(IEnumerable<ReadOnlyMemory<byte>> rows, Encoding encoding)
    {
        Dictionary<long, string> names = [];
        foreach (ReadOnlyMemory<byte> row in rows)
        {
            if (PluRow.Read(row) is { } article)
            {
                names[article.Code] = article.Name(encoding);
            }
        }

        return Of(names);
    }

    /// <summary>Makes a table of names.</summary>
    public static PluTable Of(IEnumerable<KeyValuePair<long, string>> names) => new(names.ToFrozenDictionary());

    /// <summary>The rows as they are kept: each with its length before it, u16.</summary>
    public static byte[] Join(IEnumerable<ReadOnlyMemory<byte>> rows)
    {
        using MemoryStream kept = new();
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        foreach (ReadOnlyMemory<byte> row in rows)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)Math.Min(row.Length, ushort.MaxValue));
            kept.Write(length);
            kept.Write(row.Span[..Math.Min(row.Length, ushort.MaxValue)]);
        }

        return kept.ToArray();
    }

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

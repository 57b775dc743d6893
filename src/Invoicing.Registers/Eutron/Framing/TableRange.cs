using System.Buffers.Binary;

namespace Invoicing.Registers.Eutron.Framing;

/// <summary>Rows of a table. Numbers above 10,000 are articles: 10,001 is the first row, 49,999 the last that can be (registers.md §3.1).</summary>
/// <param name="First">Number of the first row, or of a whole table that has no rows of its own.</param>
/// <param name="Last">Number of the last row; <see langword="null"/> asks for <paramref name="First"/> without a range.</param>
internal readonly record struct TableRange(ushort First, ushort? Last)
{
    /// <summary>The request's data behind its letter: first row, last row, two bytes each, little-endian.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Last is null ? sizeof(ushort) : 2 * sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, First);
        if (Last is { } last)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(sizeof(ushort)), last);
        }

        return bytes;
    }
}

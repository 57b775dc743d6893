using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Invoicing.Chain;

/// <summary>Names a chain: 16 random bytes, held inline and compared by value.</summary>
/// <remarks><c>default</c> is 16 zero bytes and names no chain. Immutable. Source: design.md 5.1.</remarks>
public readonly record struct ChainId
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 16;

    private readonly UInt128 _value;

    /// <summary>Takes 16 bytes as they are.</summary>
    /// <exception cref="ArgumentException">Not 16 bytes.</exception>
    public ChainId(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
        {
            throw new ArgumentException($"expected a chain id of {Length} bytes, found {bytes.Length}", nameof(bytes));
        }

        _value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>Makes a new name.</summary>
    public static ChainId Create() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>Reads 32 hexadecimal digits.</summary>
    /// <exception cref="FormatException">Not 32 hexadecimal digits.</exception>
    public static ChainId Parse(string hex)
    {
        ArgumentNullException.ThrowIfNull(hex);
        return hex.Length == 2 * Length
            ? new(Convert.FromHexString(hex))
            : throw new FormatException($"expected {2 * Length} hexadecimal digits, found {hex.Length} characters");
    }

    /// <summary>Writes the 16 bytes.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than 16 bytes.</exception>
    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, _value);

    /// <summary>A copy of the 16 bytes.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());
}

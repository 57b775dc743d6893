using System.Runtime.InteropServices;

namespace Invoicing.Signing;

/// <summary>An ECDSA P-256 signature: 64 bytes, r then s, big-endian (IEEE P1363), held inline and compared by value.</summary>
/// <remarks><c>default</c> is 64 zero bytes and verifies under no key. Immutable. Source: design.md 5.1.</remarks>
public readonly record struct EcdsaSignature
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 64;

    private readonly Block _r;
    private readonly Block _s;

    /// <summary>Takes 64 bytes as they are.</summary>
    /// <exception cref="ArgumentException">Not 64 bytes.</exception>
    public EcdsaSignature(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
        {
            throw new ArgumentException($"expected a signature of {Length} bytes, found {bytes.Length}", nameof(bytes));
        }

        _r = MemoryMarshal.Read<Block>(bytes);
        _s = MemoryMarshal.Read<Block>(bytes[32..]);
    }

    /// <summary>Writes the 64 bytes.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than 64 bytes.</exception>
    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length < Length)
        {
            throw new ArgumentException($"expected room for {Length} bytes, found {destination.Length}", nameof(destination));
        }

        MemoryMarshal.Write(destination, in _r);
        MemoryMarshal.Write(destination[32..], in _s);
    }

    /// <summary>A copy of the 64 bytes.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>128 lower-case hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());

    /// <summary>32 bytes with the equality of their bits; never read as numbers, so the machine's byte order does not matter.</summary>
    private readonly record struct Block(UInt128 A, UInt128 B);
}

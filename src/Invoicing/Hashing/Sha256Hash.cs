using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Invoicing.Hashing;

/// <summary>A SHA-256 hash: 32 bytes held inline and compared by value.</summary>
/// <remarks><c>default</c> is 32 zero bytes, which no known input has: it stands for "none" nowhere. Immutable.</remarks>
public readonly record struct Sha256Hash
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>Takes 32 bytes as they are.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public Sha256Hash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
        {
            throw new ArgumentException($"expected a hash of {Length} bytes, found {bytes.Length}", nameof(bytes));
        }

        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>Hashes bytes.</summary>
    public static Sha256Hash Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(bytes, hash);
        return new(hash);
    }

    /// <summary>Hashes a prefix that names what is hashed, and bytes after it, as one run.</summary>
    public static Sha256Hash Of(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> bytes)
    {
        // One-shot over a joined copy is faster than an incremental hash up to some kilobytes, which is where entries live.
        const int OnStack = 2048;
        int length = prefix.Length + bytes.Length;
        Span<byte> joined = length <= OnStack ? stackalloc byte[OnStack] : new byte[length];
        prefix.CopyTo(joined);
        bytes.CopyTo(joined[prefix.Length..]);
        return Of(joined[..length]);
    }

    /// <summary>Reads 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">Not 64 hexadecimal digits.</exception>
    public static Sha256Hash Parse(string hex)
    {
        ArgumentNullException.ThrowIfNull(hex);
        if (hex.Length != 2 * Length)
        {
            throw new FormatException($"expected {2 * Length} hexadecimal digits, found {hex.Length} characters");
        }

        return new(Convert.FromHexString(hex));
    }

    /// <summary>Writes the 32 bytes.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than 32 bytes.</exception>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _d);
    }

    /// <summary>A copy of the 32 bytes.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}

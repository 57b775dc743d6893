using System.Security.Cryptography;
using Invoicing.Hashing;

namespace Invoicing.Chain;

/// <summary>What an entry says of bytes that travel beside it and can be erased.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Length">Their length, without the salt.</param>
/// <param name="Commitment">SHA-256 of salt and bytes.</param>
/// <remarks>Source: design.md 5.13; personal data law 91/2025/QH15 (erasure).</remarks>
public readonly record struct AttachmentReference(AttachmentContentKind Kind, long Length, Sha256Hash Commitment)
{
    /// <summary>Most bytes of one attachment: a register's record is at most 64 KiB, a printer job with a logo some hundred.</summary>
    public const int MaxLength = 1 << 20;

    /// <summary>Length of the salt in bytes.</summary>
    public const int SaltLength = 16;

    /// <summary>Refers to bytes under a fresh salt.</summary>
    /// <param name="kind">What they are.</param>
    /// <param name="content">The bytes, at most <see cref="MaxLength"/>.</param>
    /// <param name="salt">The salt made for them; it travels with the bytes.</param>
    public static AttachmentReference Create(AttachmentContentKind kind, ReadOnlySpan<byte> content, out byte[] salt)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, MaxLength, nameof(content));
        salt = RandomNumberGenerator.GetBytes(SaltLength);
        return new(kind, content.Length, Sha256Hash.Of(salt, content));
    }

    /// <summary>Whether salt and bytes are those that the entry means.</summary>
    public bool Matches(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> content) =>
        salt.Length == SaltLength && content.Length == Length && Sha256Hash.Of(salt, content) == Commitment;
}

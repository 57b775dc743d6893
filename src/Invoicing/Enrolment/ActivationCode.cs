using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Invoicing.Hashing;

namespace Invoicing.Enrolment;

/// <summary>What a seller's operator types at a till, once, to enrol it: a secret, and by what the till knows the authority that it gives it to.</summary>
/// <remarks>
/// 40 characters of Crockford's base 32 in groups of five: 10 bytes of secret, 13 bytes of SHA-256 of the authority's root certificate, and 2
/// bytes of SHA-256 over both, so that a typing error is told at the till. 80 bits cannot be found by trying at an authority that counts tries;
/// 104 bits of the fingerprint cannot be met by another root. Small letters, blanks and missing hyphens are taken; I, L and O are read as 1, 1, 0.
/// <see cref="object.ToString"/> shows nothing of the secret. The default value is no code.
/// </remarks>
public readonly record struct ActivationCode
{
    /// <summary>Bytes of the secret.</summary>
    public const int SecretLength = 10;

    /// <summary>Bytes of the root's fingerprint.</summary>
    public const int FingerprintLength = 13;

    private const int CheckLength = 2;
    private const int Length = SecretLength + FingerprintLength + CheckLength;
    private const int Characters = Length * 8 / 5;
    private const int Group = 5;
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    // Inline, so that equality is that of the bytes.
    private readonly UInt128 _first;
    private readonly UInt128 _second;

    private ActivationCode(ReadOnlySpan<byte> bytes)
    {
        Span<byte> padded = stackalloc byte[32];
        padded.Clear();
        bytes.CopyTo(padded);
        _first = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(padded);
        _second = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(padded[16..]);
    }

    /// <summary>The secret: the authority keeps only its hash.</summary>
    public byte[] Secret => Bytes()[..SecretLength];

    /// <summary>First bytes of SHA-256 of the authority's root certificate (DER).</summary>
    public byte[] Fingerprint => Bytes()[SecretLength..(SecretLength + FingerprintLength)];

    /// <summary>Makes a new code.</summary>
    /// <param name="rootCertificate">The authority's root (DER).</param>
    public static ActivationCode Create(ReadOnlySpan<byte> rootCertificate)
    {
        Span<byte> bytes = stackalloc byte[Length];
        RandomNumberGenerator.Fill(bytes[..SecretLength]);
        FingerprintOf(rootCertificate).CopyTo(bytes[SecretLength..]);
        CheckOf(bytes).CopyTo(bytes[(SecretLength + FingerprintLength)..]);
        return new(bytes);
    }

    /// <summary>Whether a root certificate is the one that the code names.</summary>
    /// <param name="rootCertificate">A root (DER).</param>
    public bool Names(ReadOnlySpan<byte> rootCertificate) => CryptographicOperations.FixedTimeEquals(Fingerprint, FingerprintOf(rootCertificate));

    /// <summary>Reads what a person typed.</summary>
    /// <exception cref="FormatException">Not a code; says what was expected and what was found, and nothing of the code itself.</exception>
    public static ActivationCode Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Span<byte> bytes = stackalloc byte[Length];
        int count = 0;
        int bits = 0;
        int value = 0;
        foreach (char typed in text)
        {
            if (typed is '-' or ' ')
            {
                continue;
            }

            int digit = DigitOf(typed);
            if (digit < 0 || count == Characters)
            {
                throw new FormatException(digit < 0
                    ? $"expected an activation code of {Characters} letters and digits, found a '{typed}' after {count} of them"
                    : $"expected an activation code of {Characters} letters and digits, found more");
            }

            value = ((value & 0xFF) << 5) | digit;
            bits += 5;
            count++;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[((count * 5) / 8) - 1] = unchecked((byte)(value >> bits));
            }
        }

        return count != Characters
            ? throw new FormatException($"expected an activation code of {Characters} letters and digits, found {count}")
            : !CheckOf(bytes).SequenceEqual(bytes[(SecretLength + FingerprintLength)..])
                ? throw new FormatException("expected an activation code as the authority wrote it, found one with a typing error: compare it letter by letter")
                : new(bytes);
    }

    /// <summary>The code as it is handed over: a secret.</summary>
    public string Reveal()
    {
        byte[] bytes = Bytes();
        var text = new System.Text.StringBuilder(Characters + (Characters / Group));
        for (int i = 0; i < Characters; i++)
        {
            if (i > 0 && i % Group == 0)
            {
                text.Append('-');
            }

            int bit = i * 5;
            int pair = (bytes[bit / 8] << 8) | (bit / 8 + 1 < Length ? bytes[(bit / 8) + 1] : 0);
            text.Append(Alphabet[(pair >> (11 - (bit % 8))) & 31]);
        }

        return text.ToString();
    }

    /// <summary>By what the authority finds a code again: a hash of its secret, which tells nothing of it.</summary>
    /// <param name="secret">The secret.</param>
    public static Sha256Hash HashOf(ReadOnlySpan<byte> secret) => Sha256Hash.Of("invoicing/activation/1\0"u8, secret);

    /// <summary>Nothing of the secret.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "Overrides.")]
    public override string ToString() => "activation code (not shown)";

    private static byte[] FingerprintOf(ReadOnlySpan<byte> rootCertificate) => SHA256.HashData(rootCertificate)[..FingerprintLength];

    private static byte[] CheckOf(ReadOnlySpan<byte> bytes) => SHA256.HashData(bytes[..(SecretLength + FingerprintLength)])[..CheckLength];

    private static int DigitOf(char typed) => char.ToUpperInvariant(typed) switch
    {
        'O' => 0,
        'I' or 'L' => 1,
        char letter => Alphabet.IndexOf(letter, StringComparison.Ordinal),
    };

    private byte[] Bytes()
    {
        byte[] padded = new byte[32];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(padded, _first);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(padded.AsSpan(16), _second);
        return padded[..Length];
    }
}

using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Invoicing.Hashing;
using Invoicing.Protos.V1;
using Invoicing.Signing;

namespace Invoicing.Chain;

/// <summary>Proves that a caller holds the signing key of its chain: a copied transport certificate alone opens nothing. Pure but for the key.</summary>
/// <remarks>
/// The authority may not have the device's newest key changes yet, so a proof brings them along: each is signed by the key before it, from the
/// key in force at the authority on. Source: <c>possession.proto</c>.
/// </remarks>
/// <param name="PublicKey">SubjectPublicKeyInfo (DER) of the key that signed.</param>
/// <param name="Signature">Its signature over purpose and statement.</param>
/// <param name="KeyChanges">Key changes that the authority may not have, in their order.</param>
public sealed record PossessionProof(ReadOnlyMemory<byte> PublicKey, EcdsaSignature Signature, ImmutableArray<ReceivedEntry> KeyChanges)
{
    /// <summary>Most key changes that a proof brings: a till that rotates monthly may be a year offline.</summary>
    public const int MaxKeyChanges = 16;

    /// <summary>Most bytes of a public key (DER). Source: <c>possession.proto</c>.</summary>
    public const int MaxPublicKey = 128;

    /// <summary>Bytes of a challenge's or a probe's nonce.</summary>
    public const int NonceLength = 32;

    /// <summary>Bytes that name one run of a device's program.</summary>
    public const int InstanceLength = 16;

    /// <summary>Makes a proof.</summary>
    /// <param name="signer">The key in force on the device.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="statement">What is stated, as <c>possession.proto</c> says for the purpose.</param>
    /// <param name="keyChanges">Key changes that the authority may not have.</param>
    /// <exception cref="SignerUnavailableException">The key cannot be used now.</exception>
    public static PossessionProof Make(
        ISigner signer, PossessionPurpose purpose, ReadOnlySpan<byte> statement, ImmutableArray<ReceivedEntry> keyChanges = default)
    {
        ArgumentNullException.ThrowIfNull(signer);
        return new(signer.PublicKey, signer.Sign(HashFor(purpose, statement)), keyChanges.IsDefault ? [] : keyChanges);
    }

    /// <summary>The hash that is signed.</summary>
    /// <param name="purpose">What for.</param>
    /// <param name="statement">What is stated.</param>
    public static Sha256Hash HashFor(PossessionPurpose purpose, ReadOnlySpan<byte> statement)
    {
        byte[] stated = new byte[1 + statement.Length];
        stated[0] = (byte)purpose;
        statement.CopyTo(stated.AsSpan(1));
        return Sha256Hash.Of(SignedPrefix.Possession, stated);
    }

    /// <summary>Statement of <see cref="PossessionPurpose.Enrol"/>.</summary>
    /// <param name="request">The certificate request (DER).</param>
    public static byte[] EnrolStatement(ReadOnlySpan<byte> request) => SHA256.HashData(request);

    /// <summary>Statement of <see cref="PossessionPurpose.Renew"/>.</summary>
    /// <param name="request">The certificate request (DER).</param>
    /// <param name="chain">The device's chain.</param>
    public static byte[] RenewStatement(ReadOnlySpan<byte> request, ChainId chain) => [.. SHA256.HashData(request), .. chain.ToArray()];

    /// <summary>Statement of <see cref="PossessionPurpose.Hello"/>.</summary>
    /// <param name="nonce">The challenge.</param>
    /// <param name="chain">The chain.</param>
    /// <param name="position">Last position in the device's journal; 0 if empty.</param>
    /// <param name="hash">Its hash; zeros if empty.</param>
    /// <param name="instance">Names the run of the device's program.</param>
    public static byte[] HelloStatement(ReadOnlySpan<byte> nonce, ChainId chain, long position, in Sha256Hash hash, ReadOnlySpan<byte> instance)
    {
        byte[] at = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(at, position);
        return [.. nonce, .. chain.ToArray(), .. at, .. position == 0 ? new byte[Sha256Hash.Length] : hash.ToArray(), .. instance];
    }

    /// <summary>Statement of <see cref="PossessionPurpose.Alive"/>.</summary>
    /// <param name="nonce">The probe.</param>
    /// <param name="chain">The chain.</param>
    public static byte[] AliveStatement(ReadOnlySpan<byte> nonce, ChainId chain) => [.. nonce, .. chain.ToArray()];

    /// <summary>Verifies a proof against the key that the authority knows to be in force.</summary>
    /// <param name="keys">Imports keys.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="statement">What must be stated.</param>
    /// <param name="chain">The chain, whose key changes count.</param>
    /// <param name="inForce">SubjectPublicKeyInfo of the key in force; empty if none is known yet, then any key proves itself.</param>
    /// <returns><see langword="null"/>, or what was expected and what was found.</returns>
    public string? Verify(KeyRing keys, PossessionPurpose purpose, ReadOnlySpan<byte> statement, ChainId chain, ReadOnlySpan<byte> inForce)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (PublicKey.Length > MaxPublicKey || KeyChanges.Length > MaxKeyChanges || keys.Find(PublicKey.Span) is not { } key)
        {
            return $"expected a P-256 public key and at most {MaxKeyChanges} key changes, found {PublicKey.Length} bytes and {KeyChanges.Length}";
        }

        if (!key.Verify(HashFor(purpose, statement), Signature))
        {
            return $"expected a proof that the caller holds key {key.KeyId}, found another signature";
        }

        return inForce.IsEmpty || Follow(keys, chain, inForce).Equals(key.KeyId)
            ? null
            : $"expected the key in force of chain {chain}, {Sha256Hash.Of(inForce)}, or key changes from it, found key {key.KeyId}";
    }

    /// <summary>The key that the changes lead to from the one in force; those before it are skipped, those that do not fit change nothing.</summary>
    private Sha256Hash Follow(KeyRing keys, ChainId chain, ReadOnlySpan<byte> inForce)
    {
        VerifyingKey? key = keys.Find(inForce);
        foreach (ReceivedEntry change in KeyChanges)
        {
            if (key is not null && EntryFields.Read(change.Body.Span, out EntryFields fields) is null && fields.Kind == EntryKind.KeyChange
                && fields.Chain == chain && fields.KeyId == key.KeyId && key.Verify(SignedEntry.HashOf(change.Body.Span), change.Signature))
            {
                key = keys.Find(KeyChangeContent.Parser.ParseFrom(fields.Content(change.Body.Span)).PublicKey.Span);
            }
        }

        return key?.KeyId ?? default;
    }
}

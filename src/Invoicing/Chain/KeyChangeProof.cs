using System.Buffers.Binary;
using Invoicing.Hashing;

namespace Invoicing.Chain;

/// <summary>What a new key signs to prove that its owner holds it: bound to the place in the chain where it takes over.</summary>
/// <remarks>Source: <c>entry.proto</c>, KeyChangeContent.proof.</remarks>
public static class KeyChangeProof
{
    /// <summary>The hash to be signed by the new key.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="position">Position of the key change.</param>
    /// <param name="previousHash">Hash of the entry before it.</param>
    public static Sha256Hash HashFor(ChainId chain, long position, in Sha256Hash previousHash)
    {
        Span<byte> place = stackalloc byte[ChainId.Length + sizeof(long) + Sha256Hash.Length];
        chain.CopyTo(place);
        BinaryPrimitives.WriteInt64BigEndian(place[ChainId.Length..], position);
        previousHash.CopyTo(place[(ChainId.Length + sizeof(long))..]);
        return Sha256Hash.Of(SignedPrefix.KeyChange, place);
    }
}

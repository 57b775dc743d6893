using Google.Protobuf;
using Invoicing.Hashing;
using Invoicing.Protos.V1;
using Invoicing.Signing;

namespace Invoicing.Chain;

/// <summary>Signs one ledger commit: one signature for all chains of it. Pure but for the key; safe for any number of threads.</summary>
/// <remarks>Source: design.md 5.5.</remarks>
public static class WatermarkSigner
{
    /// <summary>Signs a commit.</summary>
    /// <param name="leaves">What the commit says, one per chain, at least one.</param>
    /// <param name="ledgerTime">UTC, milliseconds since 1970-01-01; never less than that of the commit before.</param>
    /// <param name="ledgerIndex">Index of the commit's last row.</param>
    /// <param name="signer">The authority's watermark key.</param>
    /// <returns>One signed watermark per leaf, in their order.</returns>
    /// <exception cref="SignerUnavailableException">The key cannot be used now.</exception>
    public static IReadOnlyList<SignedWatermark> Sign(
        ReadOnlySpan<WatermarkLeafValue> leaves, long ledgerTime, long ledgerIndex, ISigner signer)
    {
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentOutOfRangeException.ThrowIfZero(leaves.Length, nameof(leaves));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(leaves.Length, MerkleTree.MaxLeaves, nameof(leaves));
        byte[][] bodies = new byte[leaves.Length][];
        var hashes = new Sha256Hash[leaves.Length];
        for (int i = 0; i < leaves.Length; i++)
        {
            bodies[i] = ToBytes(leaves[i]);
            hashes[i] = Sha256Hash.Of(SignedPrefix.WatermarkLeaf, bodies[i]);
        }

        (Sha256Hash tree, List<Sha256Hash>[] paths) = MerkleTree.RootAndPaths(hashes);
        byte[] root = new WatermarkRoot
        {
            Format = 1,
            LedgerTime = ledgerTime,
            LedgerIndex = (ulong)ledgerIndex,
            LeafCount = (uint)leaves.Length,
            TreeHash = ByteString.CopyFrom(tree.ToArray()),
            KeyId = ByteString.CopyFrom(signer.KeyId.ToArray()),
        }.ToByteArray();
        EcdsaSignature signature = signer.Sign(Sha256Hash.Of(SignedPrefix.Watermark, root));
        var signed = new SignedWatermark[leaves.Length];
        for (int i = 0; i < signed.Length; i++)
        {
            signed[i] = new(root, signature, bodies[i], i, PathBytes(paths[i]));
        }

        return signed;
    }

    /// <summary>Puts a watermark together again from what a ledger keeps of a commit.</summary>
    /// <param name="root">WatermarkRoot as it was signed.</param>
    /// <param name="signature">Signature over it.</param>
    /// <param name="leaves">All leaves of the commit, in their order.</param>
    /// <param name="number">Which leaf is wanted, from 0.</param>
    /// <remarks>Nothing is verified: a leaf or root that was changed gives a watermark that does not verify.</remarks>
    public static SignedWatermark Restore(
        ReadOnlyMemory<byte> root, EcdsaSignature signature, IReadOnlyList<ReadOnlyMemory<byte>> leaves, int number)
    {
        ArgumentNullException.ThrowIfNull(leaves);
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, leaves.Count);
        var hashes = new Sha256Hash[leaves.Count];
        for (int i = 0; i < hashes.Length; i++)
        {
            hashes[i] = Sha256Hash.Of(SignedPrefix.WatermarkLeaf, leaves[i].Span);
        }

        return new(root, signature, leaves[number], number, PathBytes(MerkleTree.RootAndPaths(hashes).Paths[number]));
    }

    /// <summary>The bytes of one leaf, as hashed.</summary>
    public static byte[] ToBytes(in WatermarkLeafValue leaf) => new WatermarkLeaf
    {
        Chain = ByteString.CopyFrom(leaf.Chain.ToArray()),
        Position = (ulong)leaf.Position,
        Hash = ByteString.CopyFrom(leaf.Hash.ToArray()),
        SafePosition = (ulong)leaf.SafePosition,
    }.ToByteArray();

    private static byte[] PathBytes(List<Sha256Hash> path)
    {
        byte[] bytes = new byte[path.Count * Sha256Hash.Length];
        for (int i = 0; i < path.Count; i++)
        {
            path[i].CopyTo(bytes.AsSpan(i * Sha256Hash.Length));
        }

        return bytes;
    }
}

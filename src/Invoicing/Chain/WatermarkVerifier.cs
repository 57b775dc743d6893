using Invoicing.Hashing;
using Invoicing.Protos.V1;
using Invoicing.Signing;

namespace Invoicing.Chain;

/// <summary>Checks what the authority says it holds. Pure; safe for any number of threads.</summary>
/// <param name="anchors">The authority's keys that this chain trusts, from its enrolment record.</param>
public sealed class WatermarkVerifier(IEnumerable<VerifyingKey> anchors)
{
    private static readonly CanonicalForm RootForm = CanonicalForm.Of(WatermarkRoot.Descriptor);
    private static readonly CanonicalForm LeafForm = CanonicalForm.Of(WatermarkLeaf.Descriptor);

    private readonly Dictionary<Sha256Hash, VerifyingKey> _anchors = anchors.ToDictionary(key => key.KeyId);

    /// <summary>Verifies form, path and signature.</summary>
    /// <param name="statement">As it came.</param>
    /// <param name="watermark">What it says; only if the answer is <see langword="null"/>.</param>
    /// <returns><see langword="null"/>, or what was expected and what was found.</returns>
    public string? Verify(SignedWatermark statement, out Watermark? watermark)
    {
        ArgumentNullException.ThrowIfNull(statement);
        watermark = null;
        if (statement.Root.Length > SignedWatermark.MaxRoot || !RootForm.Holds(statement.Root.Span)
            || statement.Leaf.Length > SignedWatermark.MaxLeaf || !LeafForm.Holds(statement.Leaf.Span))
        {
            return "expected a watermark's root and leaf in canonical form, found other bytes";
        }

        WatermarkRoot root = WatermarkRoot.Parser.ParseFrom(statement.Root.Span);
        WatermarkLeaf leaf = WatermarkLeaf.Parser.ParseFrom(statement.Leaf.Span);
        if (Fault(root, leaf) is { } fault)
        {
            return fault;
        }

        var keyId = new Sha256Hash(root.KeyId.Span);
        if (!_anchors.TryGetValue(keyId, out VerifyingKey? key))
        {
            return $"expected a watermark signed by a key of the enrolment, found key {keyId}";
        }

        var leafHash = Sha256Hash.Of(SignedPrefix.WatermarkLeaf, statement.Leaf.Span);
        if (MerkleTree.RootFrom(leafHash, statement.LeafNumber, (int)root.LeafCount, statement.Path.Span) != new Sha256Hash(root.TreeHash.Span))
        {
            return "expected a path from the watermark's leaf to its root, found one that leads elsewhere";
        }

        var rootHash = Sha256Hash.Of(SignedPrefix.Watermark, statement.Root.Span);
        if (!key.Verify(rootHash, statement.Signature))
        {
            return $"expected a watermark signature of key {keyId}, found another";
        }

        watermark = new(
            new(leaf.Chain.Span), (long)leaf.Position, new(leaf.Hash.Span), (long)leaf.SafePosition, new(rootHash, root.LedgerTime), keyId);
        return null;
    }

    private static string? Fault(WatermarkRoot root, WatermarkLeaf leaf)
    {
        return root.Format != 1 ? $"expected a watermark of format 1, found {root.Format}"
            : root.KeyId.Length != Sha256Hash.Length || root.TreeHash.Length != Sha256Hash.Length || leaf.Hash.Length != Sha256Hash.Length
                ? "expected hashes of 32 bytes in the watermark, found others"
            : leaf.Chain.Length != ChainId.Length ? "expected a chain of 16 bytes in the watermark, found another"
            : leaf.Position is 0 or > EntryFields.MaxPosition || leaf.SafePosition > leaf.Position
                ? $"expected 0 < position and safe position <= position, found {leaf.Position} and {leaf.SafePosition}"
            : root.LeafCount is 0 or > MerkleTree.MaxLeaves ? $"expected 1 to {MerkleTree.MaxLeaves} leaves, found {root.LeafCount}"
            : null;
    }
}

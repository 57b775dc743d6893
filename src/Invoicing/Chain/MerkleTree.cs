using Invoicing.Hashing;

namespace Invoicing.Chain;

/// <summary>The tree under one watermark signature: many chains' statements, one signature, a short path for each.</summary>
/// <remarks>Shape as in RFC 9162, section 2.1; hashes as in <c>statement.proto</c>. Pure.</remarks>
internal static class MerkleTree
{
    /// <summary>Most leaves of a tree: 2^20, more chains than one commit can hold.</summary>
    public const int MaxLeaves = 1 << 20;

    /// <summary>Root of at least one leaf hash.</summary>
    public static Sha256Hash Root(ReadOnlySpan<Sha256Hash> leaves)
    {
        if (leaves.Length == 1)
        {
            return leaves[0];
        }

        int left = LeftCount(leaves.Length);
        return Node(Root(leaves[..left]), Root(leaves[left..]));
    }

    /// <summary>Root and the audit paths of all leaves, each from the leaf up.</summary>
    /// <remarks>One pass over the tree: n log n hashes copied, n - 1 computed.</remarks>
    public static (Sha256Hash Root, List<Sha256Hash>[] Paths) RootAndPaths(ReadOnlySpan<Sha256Hash> leaves)
    {
        var paths = new List<Sha256Hash>[leaves.Length];
        for (int i = 0; i < paths.Length; i++)
        {
            paths[i] = [];
        }

        return (Fill(leaves, paths), paths);
    }

    /// <summary>The root that a leaf, its number and its path lead to; <see langword="null"/> if the path has the wrong length.</summary>
    public static Sha256Hash? RootFrom(Sha256Hash leaf, int number, int count, ReadOnlySpan<byte> path)
    {
        if (count is < 1 or > MaxLeaves || number < 0 || number >= count || path.Length % Sha256Hash.Length != 0)
        {
            return null;
        }

        // From the top down, note on which side the leaf lies; then climb with the path from the bottom up.
        Span<bool> isRight = stackalloc bool[21];
        int depth = 0;
        while (count > 1)
        {
            int left = LeftCount(count);
            isRight[depth++] = number >= left;
            (number, count) = number >= left ? (number - left, count - left) : (number, left);
        }

        if (path.Length != depth * Sha256Hash.Length)
        {
            return null;
        }

        Sha256Hash hash = leaf;
        for (int step = 0; step < depth; step++)
        {
            var sibling = new Sha256Hash(path.Slice(step * Sha256Hash.Length, Sha256Hash.Length));
            hash = isRight[depth - 1 - step] ? Node(sibling, hash) : Node(hash, sibling);
        }

        return hash;
    }

    private static Sha256Hash Fill(ReadOnlySpan<Sha256Hash> leaves, Span<List<Sha256Hash>> paths)
    {
        if (leaves.Length == 1)
        {
            return leaves[0];
        }

        int split = LeftCount(leaves.Length);
        Sha256Hash left = Fill(leaves[..split], paths[..split]);
        Sha256Hash right = Fill(leaves[split..], paths[split..]);
        foreach (List<Sha256Hash> path in paths[..split])
        {
            path.Add(right);
        }

        foreach (List<Sha256Hash> path in paths[split..])
        {
            path.Add(left);
        }

        return Node(left, right);
    }

    private static int LeftCount(int count)
    {
        int left = 1;
        while (left * 2 < count)
        {
            left *= 2;
        }

        return left;
    }

    private static Sha256Hash Node(in Sha256Hash left, in Sha256Hash right)
    {
        Span<byte> both = stackalloc byte[1 + (2 * Sha256Hash.Length)];
        both[0] = 1;
        left.CopyTo(both[1..]);
        right.CopyTo(both[(1 + Sha256Hash.Length)..]);
        return Sha256Hash.Of(both);
    }
}

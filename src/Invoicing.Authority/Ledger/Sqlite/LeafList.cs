using Invoicing.Chain;

namespace Invoicing.Authority.Ledger.Sqlite;

/// <summary>All leaves of a commit in one blob: one byte of length, then the leaf, and so on.</summary>
internal static class LeafList
{
    public static byte[] Join(IReadOnlyList<SignedWatermark> watermarks)
    {
        byte[] blob = new byte[watermarks.Sum(w => w.Leaf.Length + 1)];
        int at = 0;
        foreach (SignedWatermark watermark in watermarks)
        {
            blob[at++] = (byte)watermark.Leaf.Length; // at most SignedWatermark.MaxLeaf, 128
            watermark.Leaf.Span.CopyTo(blob.AsSpan(at));
            at += watermark.Leaf.Length;
        }

        return blob;
    }

    public static IReadOnlyList<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> blob)
    {
        var leaves = new List<ReadOnlyMemory<byte>>();
        while (!blob.IsEmpty)
        {
            int length = blob.Span[0];
            if (blob.Length < length + 1)
            {
                throw new LedgerDamagedException($"expected a leaf of {length} bytes in a commit, found {blob.Length - 1}");
            }

            leaves.Add(blob.Slice(1, length));
            blob = blob[(length + 1)..];
        }

        return leaves;
    }
}

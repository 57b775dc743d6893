using Invoicing.Signing;

namespace Invoicing.Chain;

/// <summary>A watermark's bytes as they travel and are stored; nothing of it is verified yet.</summary>
/// <param name="Root">WatermarkRoot, exactly as signed.</param>
/// <param name="Signature">Signature over it.</param>
/// <param name="Leaf">WatermarkLeaf, exactly as hashed.</param>
/// <param name="LeafNumber">Its number in the tree, from 0.</param>
/// <param name="Path">Audit path from the leaf up, 32 bytes a step.</param>
public sealed record SignedWatermark(
    ReadOnlyMemory<byte> Root, EcdsaSignature Signature, ReadOnlyMemory<byte> Leaf, int LeafNumber, ReadOnlyMemory<byte> Path)
{
    /// <summary>Most bytes of a root statement.</summary>
    public const int MaxRoot = 256;

    /// <summary>Most bytes of a leaf statement.</summary>
    public const int MaxLeaf = 128;
}

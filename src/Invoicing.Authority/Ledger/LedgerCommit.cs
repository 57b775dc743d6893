using Invoicing.Signing;

namespace Invoicing.Authority.Ledger;

/// <summary>One stored commit.</summary>
/// <param name="LastIndex">Index of its last entry.</param>
/// <param name="LedgerTime">Its time.</param>
/// <param name="Root">WatermarkRoot as signed.</param>
/// <param name="Signature">Signature over it.</param>
/// <param name="Leaves">All leaves, one per chain, in the order of the chains' first entries in the commit.</param>
internal sealed record LedgerCommit(
    long LastIndex, long LedgerTime, ReadOnlyMemory<byte> Root, EcdsaSignature Signature, IReadOnlyList<ReadOnlyMemory<byte>> Leaves);

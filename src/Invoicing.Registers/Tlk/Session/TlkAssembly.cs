using System.Collections.Immutable;

namespace Invoicing.Registers.Tlk.Session;

/// <summary>A record being put together from fragments.</summary>
/// <param name="Seq">Its sequence.</param>
/// <param name="Length">Its length.</param>
/// <param name="Parts">What came so far, in order.</param>
/// <param name="Got">Bytes of these.</param>
internal sealed record TlkAssembly(ulong Seq, int Length, ImmutableArray<ReadOnlyMemory<byte>> Parts, int Got)
{
    internal byte[] Join()
    {
        byte[] record = new byte[Got];
        int at = 0;
        foreach (ReadOnlyMemory<byte> part in Parts)
        {
            part.CopyTo(record.AsMemory(at));
            at += part.Length;
        }

        return record;
    }
}

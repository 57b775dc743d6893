using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Chain;

/// <summary>An entry as signed: its bytes are stored, sent and served as they are.</summary>
/// <param name="Position">Place in the chain, from 1.</param>
/// <param name="Kind">What it states.</param>
/// <param name="Body">The signed bytes, at most <see cref="EntryFields.MaxBody"/>.</param>
/// <param name="Hash">SHA-256 over prefix and body.</param>
/// <param name="Signature">Signature over the same bytes.</param>
public sealed record SignedEntry(long Position, EntryKind Kind, ReadOnlyMemory<byte> Body, Sha256Hash Hash, EcdsaSignature Signature)
{
    /// <summary>The hash that names an entry and that its signature covers.</summary>
    public static Sha256Hash HashOf(ReadOnlySpan<byte> body) => Sha256Hash.Of(SignedPrefix.Entry, body);
}

using Google.Protobuf;
using Invoicing.Protos.V1;

namespace Invoicing.Chain;

/// <summary>Reads the key that an opening or a key change puts into force. Pure.</summary>
public static class KeyEntries
{
    /// <summary>The key in force after an entry.</summary>
    /// <param name="entry">An opening or a key change.</param>
    /// <returns>SubjectPublicKeyInfo (DER) as the entry states it; empty if the entry is of another kind or states none.</returns>
    public static ReadOnlyMemory<byte> PublicKeyOf(SignedEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (EntryFields.Read(entry.Body.Span, out EntryFields fields) is not null)
        {
            return default;
        }

        ByteString? key = fields.Kind switch
        {
            EntryKind.Opening => OpeningContent.Parser.ParseFrom(fields.Content(entry.Body.Span)).PublicKey,
            EntryKind.KeyChange => KeyChangeContent.Parser.ParseFrom(fields.Content(entry.Body.Span)).PublicKey,
            _ => null,
        };
        return key?.ToByteArray();
    }
}

using Invoicing.Chain;

namespace Invoicing.Gateway.Journal;

/// <summary>An entry with what travels beside it.</summary>
/// <param name="Entry">The entry, as signed.</param>
/// <param name="Attachments">In the order of the body's references.</param>
internal readonly record struct StoredEntry(SignedEntry Entry, IReadOnlyList<StoredAttachment> Attachments)
{
    /// <summary>Bytes that it weighs in a batch.</summary>
    public int Size
    {
        get
        {
            int size = Entry.Body.Length + Signing.EcdsaSignature.Length;
            foreach (StoredAttachment attachment in Attachments)
            {
                size += attachment.Salt.Length + attachment.Content.Length;
            }

            return size;
        }
    }
}

using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Chain;

/// <summary>Places content at the end of a chain: a pure step from one head to the next.</summary>
/// <remarks>Numbering and hashing must be done in order; signatures of a group are independent of each other. Source: design.md 5.2, 5.14.</remarks>
public static class ChainAppend
{
    /// <summary>The head before the first entry of a chain.</summary>
    /// <param name="chain">The new chain.</param>
    /// <param name="enrolmentHash">Hash of the enrolment record that the chain starts on.</param>
    public static ChainHead Start(ChainId chain, Sha256Hash enrolmentHash) => new(chain, 0, enrolmentHash, 0);

    /// <summary>Makes the next entry, not yet signed.</summary>
    /// <param name="head">Where the chain stands; replaced by where it stands afterwards.</param>
    /// <param name="content">What the entry states.</param>
    /// <param name="recordedAt">Device time, UTC, milliseconds since 1970-01-01.</param>
    /// <param name="keyId">Key in force.</param>
    /// <param name="anchor">Newest verified watermark.</param>
    /// <returns>The entry, to be signed over its hash.</returns>
    /// <exception cref="EntryTooLargeException">The body would exceed <see cref="EntryFields.MaxBody"/>. The head is unchanged.</exception>
    public static UnsignedEntry Next(
        ref ChainHead head, EntryContent content, long recordedAt, in Sha256Hash keyId, Anchor? anchor)
    {
        if (content.Bytes.Length > EntryFields.MaxBody - EntryHeader.MaxLength)
        {
            throw new EntryTooLargeException(content.Kind, content.Bytes.Length, EntryFields.MaxBody - EntryHeader.MaxLength);
        }

        long position = head.Position + 1;
        byte[] body = new EntryHeader(head.Chain, position, head.Hash, recordedAt, keyId, anchor).ToBody(content);
        Sha256Hash hash = SignedEntry.HashOf(body);
        head = new(head.Chain, position, hash, recordedAt);
        return new(position, content.Kind, body, hash);
    }

    /// <summary>Makes and signs the next entry.</summary>
    /// <inheritdoc cref="Next"/>
    public static SignedEntry NextSigned(
        ref ChainHead head, EntryContent content, long recordedAt, ISigner signer, Anchor? anchor)
    {
        ArgumentNullException.ThrowIfNull(signer);
        return Next(ref head, content, recordedAt, signer.KeyId, anchor).Sign(signer);
    }
}

using Google.Protobuf;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Signing;
using Wire = Invoicing.Protos.V1;

namespace Invoicing.Gateway.Uplink;

/// <summary>Our types as messages of <c>intake.proto</c>, and back. Signed bytes are wrapped, never written anew.</summary>
internal static class WireForms
{
    public static Wire.SubmittedEntry Of(SignedEntry entry, IReadOnlyList<StoredAttachment> attachments)
    {
        var submitted = new Wire.SubmittedEntry
        {
            Body = UnsafeByteOperations.UnsafeWrap(entry.Body),
            Signature = UnsafeByteOperations.UnsafeWrap(entry.Signature.ToArray()),
        };
        foreach (StoredAttachment attachment in attachments)
        {
            submitted.Attachments.Add(new Wire.Attachment
            {
                Salt = UnsafeByteOperations.UnsafeWrap(attachment.Salt),
                Content = UnsafeByteOperations.UnsafeWrap(attachment.Content),
            });
        }

        return submitted;
    }

    /// <summary>A watermark as it came.</summary>
    /// <returns>The statement, or <see langword="null"/> if its parts cannot be one.</returns>
    public static SignedWatermark? Read(Wire.Watermark watermark) =>
        watermark.Signature.Length == EcdsaSignature.Length && watermark.LeafNumber <= int.MaxValue
            ? new(watermark.Root.ToByteArray(), new(watermark.Signature.Span), watermark.Leaf.ToByteArray(), (int)watermark.LeafNumber, watermark.Path.ToByteArray())
            : null;

    /// <summary>A proof that this device holds its chain's key.</summary>
    public static Wire.KeyPossession Of(PossessionProof proof)
    {
        var message = new Wire.KeyPossession
        {
            PublicKey = UnsafeByteOperations.UnsafeWrap(proof.PublicKey),
            Signature = UnsafeByteOperations.UnsafeWrap(proof.Signature.ToArray()),
        };
        message.KeyChanges.AddRange(proof.KeyChanges.Select(change => new Wire.KeyChangeEntry
        {
            Body = UnsafeByteOperations.UnsafeWrap(change.Body),
            Signature = UnsafeByteOperations.UnsafeWrap(change.Signature.ToArray()),
        }));
        return message;
    }

    /// <summary>A grant of further ranges as it came.</summary>
    /// <returns>The statement, or <see langword="null"/> if its parts cannot be one.</returns>
    public static SignedRangeGrant? Read(Wire.RangeGrant grant) =>
        grant.Signature.Length == EcdsaSignature.Length ? new(grant.Body.ToByteArray(), new(grant.Signature.Span)) : null;

    /// <summary>A verdict as it came.</summary>
    /// <returns>The statement, or <see langword="null"/> if its parts cannot be one.</returns>
    public static SignedVerdict? Read(Wire.SignedVerdict verdict) =>
        verdict.Signature.Length == EcdsaSignature.Length ? new(verdict.Body.ToByteArray(), new(verdict.Signature.Span)) : null;
}

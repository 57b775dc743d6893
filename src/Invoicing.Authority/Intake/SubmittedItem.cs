using Invoicing.Chain;

namespace Invoicing.Authority.Intake;

/// <summary>An entry as it was submitted.</summary>
/// <param name="Entry">Body and signature; a signature that is not 64 bytes long stands as zeros, which verify under no key.</param>
/// <param name="Attachments">What came beside it; empty for nearly all.</param>
internal readonly record struct SubmittedItem(ReceivedEntry Entry, IReadOnlyList<SubmittedAttachment> Attachments);

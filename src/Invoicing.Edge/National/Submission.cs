using System.Collections.Immutable;
using Invoicing.Hashing;
using Invoicing.NationalXml.Messages;

namespace Invoicing.Edge.National;

/// <summary>A message that was made for the authority.</summary>
/// <param name="Row">Its row in the file.</param>
/// <param name="MessageId">MTDiep.</param>
/// <param name="Type">MLTDiep.</param>
/// <param name="Version">Format version.</param>
/// <param name="MadeAt">When.</param>
/// <param name="Hash">SHA-256 of its bytes.</param>
/// <param name="Path">Where its bytes were written.</param>
/// <param name="State">How far it is.</param>
/// <param name="Parts">The invoices in it.</param>
internal sealed record Submission(
    long Row, string MessageId, string Type, string Version, DateTimeOffset MadeAt, Sha256Hash Hash, string Path, SubmissionState State,
    ImmutableArray<MessagePart> Parts);

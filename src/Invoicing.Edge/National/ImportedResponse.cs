using System.Collections.Immutable;
using Invoicing.NationalXml.Responses;

namespace Invoicing.Edge.National;

/// <summary>What came of importing a response.</summary>
/// <param name="Response">The response.</param>
/// <param name="MessageId">The message that it is about.</param>
/// <param name="IsNew">Whether it was not imported before.</param>
/// <param name="Answers">What is new of entries.</param>
internal sealed record ImportedResponse(NationalResponse Response, string MessageId, bool IsNew, ImmutableArray<StoredAnswer> Answers);

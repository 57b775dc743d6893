using Invoicing.Chain;

namespace Invoicing.Edge.National;

/// <summary>What the authority says of one entry, in the common shape of verdicts.</summary>
/// <param name="Number">From 1, contiguous per journal.</param>
/// <param name="Position">The entry.</param>
/// <param name="MessageId">The message that it was in.</param>
/// <param name="Invoice">Series and number, for people.</param>
/// <param name="Outcome">The judgement.</param>
/// <param name="Rule">Where it comes from, such as <c>204/7/1001</c>.</param>
/// <param name="Text">The reason in words.</param>
/// <param name="Advice">What to do about it.</param>
/// <param name="Supersedes">Number of the answer that it replaces.</param>
internal sealed record StoredAnswer(
    long Number, long Position, string MessageId, string Invoice, VerdictOutcomeKind Outcome, string Rule, string Text, string Advice, long? Supersedes);

namespace Invoicing.Registers.Receipts;

/// <summary>How goods are printed: in one line, or in two.</summary>
/// <param name="Line">The first line. Groups <c>name</c>, <c>amount</c>, <c>qty</c>, <c>price</c>, <c>discount</c>, <c>code</c>, <c>unit</c>, <c>rate</c>.</param>
/// <param name="Next">The second line, with the groups that the first lacks; <see langword="null"/> if there is none.</param>
public sealed record ItemPattern(string Line, string? Next = null);

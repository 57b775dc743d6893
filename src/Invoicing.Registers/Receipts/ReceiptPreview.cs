using System.Collections.Immutable;

namespace Invoicing.Registers.Receipts;

/// <summary>A captured print as a template reads it, for a person who looks at it.</summary>
/// <param name="Lines">Its text, line by line.</param>
/// <param name="Reading">What the template finds in it.</param>
public sealed record ReceiptPreview(ImmutableArray<string> Lines, ReceiptReading Reading);

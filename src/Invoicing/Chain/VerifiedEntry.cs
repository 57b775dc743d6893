namespace Invoicing.Chain;

/// <summary>An entry whose place, form and authority were checked, with its header's fields.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Fields">Its header.</param>
public sealed record VerifiedEntry(SignedEntry Entry, EntryFields Fields);

using Invoicing.Chain;
using Invoicing.Invoices;

namespace Invoicing.Gateway.Journal;

/// <summary>What tail verification and audit ask of a single entry beyond the chain itself. Pure.</summary>
internal static class JournalCrossCheck
{
    /// <summary>What an entry says of a record, code and number; <see langword="null"/> where its kind says nothing of them.</summary>
    public static ContentFields? Of(SignedEntry entry)
    {
        if (entry.Kind is not (EntryKind.Invoice or EntryKind.Correction or EntryKind.Hole or EntryKind.RegisterEvent or EntryKind.Conflict or EntryKind.DayClose)
            || EntryFields.Read(entry.Body.Span, out EntryFields fields) is not null)
        {
            return null;
        }

        return ContentFields.Read(entry.Kind, fields.Content(entry.Body.Span), out ContentFields content) is null ? content : null;
    }

    /// <summary>The lease that an entry grants or burns; <see langword="null"/> if it is of another kind, or states none.</summary>
    public static (RegisterLease Lease, bool IsBurned)? LeaseOf(SignedEntry entry) =>
        entry.Kind == EntryKind.Lease && EntryFields.Read(entry.Body.Span, out EntryFields fields) is null
        && LeaseContents.Read(fields.Content(entry.Body.Span), out RegisterLease? lease, out bool isBurned) is null
            ? (lease!, isBurned)
            : null;

    /// <summary>Reads an entry that notes a grant of further ranges.</summary>
    /// <param name="entry">An entry of kind <see cref="EntryKind.Range"/>.</param>
    /// <param name="enrolment">The chain's.</param>
    /// <param name="keys">The authority's keys by id.</param>
    /// <param name="grant">What was granted; only if the answer is <see langword="null"/>.</param>
    /// <returns><see langword="null"/>, or what was expected and what was found.</returns>
    public static string? GrantOf(
        SignedEntry entry, EnrolmentGrant enrolment, IReadOnlyDictionary<Hashing.Sha256Hash, Signing.VerifyingKey> keys, out RangeGrant? grant)
    {
        grant = null;
        return EntryFields.Read(entry.Body.Span, out EntryFields fields)
            ?? RangeGrant.ReadContent(fields.Content(entry.Body.Span), keys, out grant)
            ?? (grant!.Enrolment == enrolment.Id ? null : $"expected a grant for enrolment {enrolment.Id}, found one for {grant.Enrolment}");
    }

    /// <summary>Whether the columns beside a body say what the body does.</summary>
    /// <param name="stored">As the row has it.</param>
    /// <param name="computed">As the body gives it.</param>
    public static JournalFault? ColumnFault(SignedEntry stored, SignedEntry computed) =>
        stored.Position != computed.Position ? new(stored.Position, "position", $"{computed.Position}", $"{stored.Position}")
        : stored.Hash != computed.Hash ? new(stored.Position, "hash", $"{computed.Hash}", $"{stored.Hash}")
        : stored.Kind != computed.Kind ? new(stored.Position, "kind", $"{computed.Kind}", $"{stored.Kind}")
        : null;
}

using System.Collections.Immutable;
using Invoicing.Chain;
using Invoicing.Sqlite;

namespace Invoicing.Gateway.Journal;

/// <summary>Reads the chain's newest key changes: a proof of possession brings them along, for the authority may not have them yet.</summary>
internal static class JournalKeyChanges
{
    private const long KeyChange = (long)EntryKind.KeyChange;

    /// <summary>The newest key changes, at most as many as a proof may bring, in their order. Also those that the authority has: it skips them.</summary>
    /// <param name="path">The journal.</param>
    /// <exception cref="InvoicingException">Not there, or no journal of this format.</exception>
    public static ImmutableArray<ReceivedEntry> Newest(string path)
    {
        using var file = SqliteFile.OpenReader(path);
        JournalFile.RequireFormat(file);

        // Worded as the partial index is, so that it answers.
        using SqliteStatement read = file.Statement("""
            SELECT position, kind, hash, signature, body FROM entry WHERE kind IN (16, 26) ORDER BY position DESC LIMIT ?
            """);
        read.Bind(0, PossessionProof.MaxKeyChanges + 1); // the opening may be among them
        var changes = new List<ReceivedEntry>();
        while (read.Step())
        {
            SignedEntry entry = JournalRows.Entry(read);
            if ((long)entry.Kind == KeyChange && changes.Count < PossessionProof.MaxKeyChanges)
            {
                changes.Add(new(entry.Body, entry.Signature));
            }
        }

        changes.Reverse();
        return [.. changes];
    }
}

using Invoicing.Chain;

namespace Invoicing.Gateway.Journal;

/// <summary>A run of entries after its check.</summary>
/// <param name="Entries">As stored.</param>
/// <param name="Contents">What each says of a record, code and number; <see langword="null"/> where it says nothing.</param>
/// <param name="Faults">What is wrong in the run itself.</param>
internal sealed record AuditedRun(IReadOnlyList<SignedEntry> Entries, ContentFields?[] Contents, IReadOnlyList<JournalFault> Faults)
{
    /// <summary>Checks a run on its own: hashes, links, signatures, columns. Pure; any thread.</summary>
    /// <param name="verifier">The chain's verifier.</param>
    /// <param name="start">Where the run starts, by the columns of the entry before it.</param>
    /// <param name="entries">The run.</param>
    /// <param name="depth">Which signatures to check.</param>
    public static AuditedRun Check(ChainVerifier verifier, ChainState start, IReadOnlyList<SignedEntry> entries, SignatureDepth depth)
    {
        var faults = new List<JournalFault>();
        VerifiedRun run = verifier.Verify(start, [.. entries.Select(entry => new ReceivedEntry(entry.Body, entry.Signature))], depth);
        if (run.Fault is { } fault)
        {
            faults.Add(JournalFaults.Of(fault));
        }

        var contents = new ContentFields?[entries.Count];
        for (int i = 0; i < run.Entries.Count; i++)
        {
            VerifiedEntry verified = run.Entries[i];
            if (JournalCrossCheck.ColumnFault(entries[i], verified.Entry) is { } column)
            {
                faults.Add(column);
            }

            if (verified.Fields.IsKnownFormat)
            {
                if (ContentFields.Read(verified.Fields.Kind, verified.Fields.Content(verified.Entry.Body.Span), out ContentFields content) is { } found)
                {
                    faults.Add(new(verified.Fields.Position, "content", found, "other values"));
                }
                else
                {
                    contents[i] = content;
                }
            }
        }

        return new(entries, contents, faults);
    }
}

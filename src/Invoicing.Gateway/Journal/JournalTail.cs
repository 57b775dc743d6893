using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Sqlite;

namespace Invoicing.Gateway.Journal;

/// <summary>Verifies the end of a journal when it is opened: what a crash or a failing disk can have touched last.</summary>
/// <remarks>
/// The last <see cref="Length"/> entries: hashes, links and the last signature, and that line heads, records and range cursors agree with
/// them. The whole journal is <see cref="JournalAudit"/>'s part: at 100,000 entries a second it takes too long for a start.
/// </remarks>
internal static class JournalTail
{
    /// <summary>One commit group: no transaction wrote more entries than this.</summary>
    public const int Length = 256;

    /// <summary>Verifies.</summary>
    /// <exception cref="JournalCorruptException">Something does not agree; names position, expected and found.</exception>
    public static void Verify(SqliteFile file, JournalState state)
    {
        IReadOnlyList<SignedEntry> tail = Read(file, Math.Max(0, state.Head.Position - Length));
        VerifyChain(file, state, tail);
        var cursors = RangeCheck.FromAnywhere(state.Enrolment.Kind, state.Ranges);
        foreach (SignedEntry entry in tail)
        {
            if (JournalCrossCheck.LeaseOf(entry) is (var lease, var isBurned) && cursors.Take(lease, isBurned) is { } wrong)
            {
                throw new JournalCorruptException(file.Path, wrong with { Position = entry.Position });
            }

            if (JournalCrossCheck.Of(entry) is { } fields)
            {
                VerifyRecord(file, state, entry, fields);
                if (cursors.Take(fields) is { } gap)
                {
                    throw new JournalCorruptException(file.Path, gap with { Position = entry.Position });
                }
            }
        }

        if ((cursors.FaultAgainst(state.Ranges) ?? cursors.FaultAgainst(state.Leases.Values.SelectMany(leases => leases))) is { } fault)
        {
            throw new JournalCorruptException(file.Path, fault with { Position = state.Head.Position });
        }

        long lost = file.Scalar("SELECT coalesce(max(position), 0) FROM held");
        if (lost > state.Head.Position || state.Uplink.Checkpoint > state.Head.Position)
        {
            throw JournalLoader.Damaged(
                file, state.Head.Position, "head", $"no row about an entry after {state.Head.Position}",
                $"held {lost}, checkpoint {state.Uplink.Checkpoint}");
        }
    }

    private static List<SignedEntry> Read(SqliteFile file, long after)
    {
        var entries = new List<SignedEntry>(Length);
        using SqliteStatement read = file.Statement(
            "SELECT position, kind, hash, signature, body FROM entry WHERE position > ? ORDER BY position");
        read.Bind(0, after);
        while (read.Step())
        {
            entries.Add(JournalRows.Entry(read));
        }

        return entries;
    }

    private static void VerifyChain(SqliteFile file, JournalState state, IReadOnlyList<SignedEntry> tail)
    {
        long before = Math.Max(0, state.Head.Position - Length);
        var start = ChainState.Start(state.Chain, state.Enrolment);
        if (before > 0)
        {
            using SqliteStatement read = file.Statement("SELECT hash FROM entry WHERE position = ?");
            read.Bind(0, before);
            Sha256Hash hash = read.Step() ? new(read.Blob(0)) : throw JournalLoader.Damaged(file, before, "entry", "one", "none");
            start = new(state.Chain, before, hash, JournalLoader.ReadKey(file, before));
        }

        VerifiedRun run = new ChainVerifier(new KeyRing(capacity: 8)).Verify(
            start, [.. tail.Select(entry => new ReceivedEntry(entry.Body, entry.Signature))], SignatureDepth.LastOfRun);
        if (run.Fault is { } fault)
        {
            throw new JournalCorruptException(file.Path, JournalFaults.Of(fault));
        }

        for (int i = 0; i < tail.Count; i++)
        {
            if (JournalCrossCheck.ColumnFault(tail[i], run.Entries[i].Entry) is { } column)
            {
                throw new JournalCorruptException(file.Path, column);
            }
        }
    }

    private static void VerifyRecord(SqliteFile file, JournalState state, SignedEntry entry, in ContentFields fields)
    {
        // A conflict names a record a second time on purpose, and what closes a hole names the hole's.
        if (entry.Kind == EntryKind.Conflict || fields.Resolves is not null || fields.Record is not { } record)
        {
            return;
        }

        if (!state.Lines.TryGetValue(LineKey.Of(record.Key), out LineState? line) || line.LastSequence < record.Key.Sequence)
        {
            throw JournalLoader.Damaged(
                file, entry.Position, $"line of {record.Key}", $"last sequence {record.Key.Sequence} or later",
                line is null ? "no line" : $"{line.LastSequence}");
        }

        using SqliteStatement read = file.Statement("SELECT hash, position FROM register_record WHERE line = ? AND sequence = ?");
        read.Bind(0, line.Id).Bind(1, (long)record.Key.Sequence);
        if (!read.Step() || read.Number(1) != entry.Position || new Sha256Hash(read.Blob(0)) != record.Hash)
        {
            throw JournalLoader.Damaged(
                file, entry.Position, $"record {record.Key}", $"a row with hash {record.Hash} and position {entry.Position}", "another, or none");
        }
    }
}

using System.Threading.Channels;
using Invoicing.Chain;
using Invoicing.Sqlite;

namespace Invoicing.Gateway.Journal;

/// <summary>The checker: reads a journal from end to end and names everything that is wrong in it. Shipped with the product.</summary>
/// <remarks>
/// Every hash and link, the last signature of each run or every one, that records, lines, codes and numbers run on as the entries say, and the
/// file's own structure. Runs of <see cref="RunLength"/> entries are checked on all cores and their seams afterwards, in order; memory is a few
/// runs, whatever the journal's length.
/// </remarks>
public static class JournalAudit
{
    /// <summary>An audit stops after so many faults: a damaged file has one cause, and a person reads the list.</summary>
    public const int MaxFaults = 20;

    /// <summary>Version of the database library that journals are read and written by.</summary>
    public static string SqliteVersion => SqliteFile.Version;

    /// <summary>Entries of a run: long enough that its one signature costs little, short enough that a few of them are some megabytes.</summary>
    private const int RunLength = 512;

    /// <summary>Audits a journal, also while a gateway writes it: entries up to the head at the start are checked.</summary>
    /// <param name="journalPath">The journal.</param>
    /// <param name="depth">Which signatures to check; <see cref="SignatureDepth.LastOfRun"/> is the quick audit.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvoicingException">Not there, or no journal of this format.</exception>
    public static Task<JournalAuditReport> RunAsync(
        string journalPath, SignatureDepth depth = SignatureDepth.Every, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(journalPath);
        return Task.Run(() => AuditAsync(journalPath, depth, cancellationToken), cancellationToken);
    }

    private static async Task<JournalAuditReport> AuditAsync(string path, SignatureDepth depth, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = JournalReader.Open(path);
            JournalState state = reader.ReadState();
            var faults = new List<JournalFault>();
            string structure = reader.CheckStructure();
            if (structure != "ok")
            {
                faults.Add(new(0, "database", "a sound SQLite file", structure));
            }

            faults.AddRange(reader.CatalogueFaults());
            using var seams = new AuditSeams(path, state, faults);
            await CheckRunsAsync(reader, state, depth, seams, cancellationToken).ConfigureAwait(false);
            seams.Close();
            return new(
                state.Chain, state.Head.Position, state.Head.Hash, seams.Invoices, depth, [.. faults.Take(MaxFaults)], SqliteFile.Version);
        }
        catch (SqliteException fault) when (fault.IsDamage)
        {
            return Unreadable(new(0, "database", "a sound SQLite file", fault.Message), depth);
        }
        catch (JournalCorruptException fault)
        {
            return Unreadable(fault.Fault, depth);
        }
    }

    /// <summary>So damaged that not even chain and head can be read.</summary>
    private static JournalAuditReport Unreadable(JournalFault fault, SignatureDepth depth) =>
        new(default, 0, default, 0, depth, [fault], SqliteFile.Version);

    /// <summary>One reader, all cores checking, one consumer that sees the runs in their order.</summary>
    private static async Task CheckRunsAsync(
        JournalReader reader, JournalState state, SignatureDepth depth, AuditSeams seams, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var runs = Channel.CreateBounded<Task<AuditedRun>>(
            new BoundedChannelOptions(2 * Environment.ProcessorCount) { SingleReader = true, SingleWriter = true });
        var verifier = new ChainVerifier(new KeyRing(capacity: 64));
        var reading = Task.Run(() => ReadAsync(reader, state, verifier, depth, runs.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (Task<AuditedRun> run in runs.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (!seams.Take(await run.ConfigureAwait(false)))
                {
                    break;
                }
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (reading.IsFaulted)
        {
            await reading.ConfigureAwait(false);
        }
    }

    private static async Task ReadAsync(
        JournalReader reader, JournalState state, ChainVerifier verifier, SignatureDepth depth, ChannelWriter<Task<AuditedRun>> runs,
        CancellationToken cancellationToken)
    {
        Exception? fault = null;
        try
        {
            var start = ChainState.Start(state.Chain, state.Enrolment);
            long head = state.Head.Position;
            while (start.Position < head)
            {
                List<SignedEntry> entries = reader.ReadPage(start.Position, (int)Math.Min(RunLength, head - start.Position));
                if (entries.Count == 0)
                {
                    break; // a gap at the end: the consumer misses the head
                }

                ChainState from = start;
                Task<AuditedRun> run = Task.Run(() => AuditedRun.Check(verifier, from, entries, depth), cancellationToken);
                await runs.WriteAsync(run, cancellationToken).ConfigureAwait(false);
                start = After(start, entries);
            }
        }
        catch (Exception thrown) when (thrown is SqliteException or OperationCanceledException)
        {
            fault = thrown;
            throw;
        }
        finally
        {
            runs.Complete(fault);
        }
    }

    /// <summary>Where the next run starts if this one is sound: its own check proves these columns right or stops the audit.</summary>
    private static ChainState After(ChainState start, List<SignedEntry> entries)
    {
        ReadOnlyMemory<byte> key = start.PublicKey;
        foreach (SignedEntry entry in entries)
        {
            if (entry.Kind is EntryKind.Opening or EntryKind.KeyChange)
            {
                key = KeyEntries.PublicKeyOf(entry);
            }
        }

        return start with { Position = entries[^1].Position, Hash = entries[^1].Hash, PublicKey = key };
    }
}

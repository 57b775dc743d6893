using System.Diagnostics;
using Invoicing.Authority.Intake;
using Invoicing.Authority.Ledger;
using Invoicing.Authority.Ledger.Sqlite;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Signing;

namespace Invoicing.Benchmarks.Intake;

/// <summary>What the ledger alone can take: the same rows into the same tables with the same flushes, parsed beforehand, by one thread.</summary>
internal static class LedgerLimit
{
    /// <summary>Entries of a transaction: what the writer's groups come to under load.</summary>
    private const int Group = 1_000;

    /// <summary>Parses and judges beforehand.</summary>
    public static List<PreparedEntry> Prepare(SampleChain chain, IReadOnlyList<SignedEntry> entries)
    {
        var judge = new EntryJudge(chain.Grant, () => [], _ => []);
        return [.. entries.Select(e => EntryFields.Read(e.Body.Span, out EntryFields fields) is null
            ? judge.Judge(new(e, fields), [])
            : throw new InvalidOperationException("malformed"))];
    }

    /// <summary>Appends runs of chains in turn.</summary>
    /// <returns>Entries per second.</returns>
    public static double Run(ILedger ledger, IReadOnlyList<(SampleChain Chain, IReadOnlyList<PreparedEntry> Entries)> runs, ISigner signer)
    {
        long count = 0;
        long time = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        long start = Stopwatch.GetTimestamp();
        var leaves = new List<WatermarkLeafValue>();
        int inGroup = 0;
        bool isOpen = false;
        foreach ((SampleChain chain, IReadOnlyList<PreparedEntry> entries) in runs)
        {
            if (!isOpen)
            {
                ledger.Begin(Math.Max(++time, ledger.Head.LedgerTime));
                isOpen = true;
            }

            if (ledger.Find(chain.Id) is null)
            {
                ledger.AddChain(chain.Id, chain.Grant);
                ledger.SetState(ledger.Find(chain.Id)!.State with { PublicKey = chain.Signer.PublicKey });
            }

            foreach (PreparedEntry entry in entries)
            {
                ledger.Append(chain.Id, entry);
            }

            SignedEntry last = entries[^1].Entry;
            leaves.Add(new(chain.Id, last.Position, last.Hash, 0));
            count += entries.Count;
            inGroup += entries.Count;
            if (inGroup >= Group)
            {
                Commit();
            }
        }

        if (isOpen)
        {
            Commit();
        }

        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;

        void Commit()
        {
            ledger.Commit(WatermarkSigner.Sign(leaves.ToArray(), time, ledger.Head.LastIndex, signer));
            ledger.Maintain(isIdle: false);
            leaves.Clear();
            inGroup = 0;
            isOpen = false;
        }
    }

    /// <summary>Opens a ledger of its own beside the server's.</summary>
    public static SqliteLedger Open(string path) => SqliteLedger.Open(path);
}

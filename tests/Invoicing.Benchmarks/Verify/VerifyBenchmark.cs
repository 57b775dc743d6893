using System.Diagnostics;
using Invoicing.Benchmarks.Issue;
using Invoicing.Benchmarks.Method;
using Invoicing.Chain;
using Invoicing.Gateway;
using Invoicing.Gateway.Journal;
using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Benchmarks.Verify;

/// <summary><c>verify</c>: an audit of a journal, with every signature and quick, against verifying the same signatures on all cores.</summary>
internal static class VerifyBenchmark
{
    private const double LeastRatio = 0.75;
    private const double LeastQuick = 100_000;

    public static async Task<int> RunAsync(string[] args)
    {
        int pairs = Report.Number(args, "--pairs", 5);
        int invoices = Report.Number(args, "--invoices", 40_000);
        using BenchShop shop = new();
        await FillAsync(shop, invoices);
        SignedEntry[] entries = [.. JournalExport.Read(shop.JournalPath).Take(8_192)];
        using var key = VerifyingKey.Import(KeyEntries.PublicKeyOf(entries[0]).Span);
        Signatures(entries, key);
        await JournalAudit.RunAsync(shop.JournalPath);
        await JournalAudit.RunAsync(shop.JournalPath, SignatureDepth.LastOfRun);

        var every = new List<(double Limit, double Ours)>();
        var quick = new List<(double Limit, double Ours)>();
        for (int i = 0; i < pairs; i++)
        {
            every.Add((Signatures(entries, key), await AuditAsync(shop.JournalPath, SignatureDepth.Every)));
            quick.Add((Hashes(entries), await AuditAsync(shop.JournalPath, SignatureDepth.LastOfRun)));
        }

        Tell("every", every, (ratio, _) => ratio >= LeastRatio);
        Tell("quick", quick, (_, rate) => rate >= LeastQuick);
        return 0;
    }

    private static async Task FillAsync(BenchShop shop, int invoices)
    {
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options);
        await Task.WhenAll(Enumerable.Range(0, 64).Select(register => Task.Run(async () =>
        {
            for (ulong i = 1; i <= (ulong)(invoices / 64); i++)
            {
                await gateway.IssueAsync(BenchShop.Sale(register, i));
            }
        })));
    }

    private static async Task<double> AuditAsync(string path, SignatureDepth depth)
    {
        long start = Stopwatch.GetTimestamp();
        JournalAuditReport report = await JournalAudit.RunAsync(path, depth);
        return report.IsSound
            ? report.HeadPosition / Stopwatch.GetElapsedTime(start).TotalSeconds
            : throw new InvalidOperationException(string.Join("; ", report.Faults));
    }

    /// <summary>The limit: the same signatures over the same hashes, on all cores, and nothing else.</summary>
    private static double Signatures(SignedEntry[] entries, VerifyingKey key)
    {
        long start = Stopwatch.GetTimestamp();
        Parallel.ForEach(entries, entry =>
        {
            if (!key.Verify(entry.Hash, entry.Signature))
            {
                throw new InvalidOperationException($"entry {entry.Position} does not verify");
            }
        });
        return entries.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The quick limit: the same hashes on all cores.</summary>
    private static double Hashes(SignedEntry[] entries)
    {
        const int Rounds = 10;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Rounds; i++)
        {
            Parallel.ForEach(entries, entry =>
            {
                Sha256Hash hash = SignedEntry.HashOf(entry.Body.Span);
                if (hash != entry.Hash)
                {
                    throw new InvalidOperationException($"entry {entry.Position} has another hash");
                }
            });
        }

        return Rounds * entries.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Tell(string depth, List<(double Limit, double Ours)> pairs, Func<double, double, bool> reached)
    {
        double[] ratios = [.. pairs.Select(p => p.Ours / p.Limit)];
        double rate = Figures.Median(pairs.Select(p => p.Ours));
        Report.Tell(writer =>
        {
            writer.WriteString("benchmark", "verify");
            writer.WriteString("depth", depth);
            writer.WriteNumber("pairs", pairs.Count);
            Report.Number(writer, "rate", rate);
            Report.Number(writer, "limit", Figures.Median(pairs.Select(p => p.Limit)));
            Report.Number(writer, "ratio", Figures.Median(ratios));
            Report.Number(writer, "spread", Figures.Spread(ratios));
            writer.WriteBoolean("fit", Figures.IsFit(Figures.Spread(ratios)));
            writer.WriteBoolean("reached", reached(Figures.Median(ratios), rate));
        });
    }
}

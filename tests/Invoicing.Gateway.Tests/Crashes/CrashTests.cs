using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Crashes;

[Trait("Tier", "EndToEnd")]
public sealed class CrashTests
{
    private const int Kills = 32;

    [Fact]
    public async Task Killed_anywhere_numbers_stay_gapless_and_nothing_told_is_missing()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        using TestShop shop = new();
        var told = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < Kills; i++)
        {
            using var till = Till.Start(shop, registers: 4);

            // The kill is made after so many lines, not after a time: a slow machine is killed in the middle of as much as a fast one.
            int lines = random.Next(1, 150);
            await Waiting.Until(() => till.Told >= lines || till.HasEnded, $"told {lines} sales", TimeSpan.FromSeconds(60));
            told.UnionWith(await till.KillAsync());
        }

        // The next start goes on where the last left off.
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            Assert.Equal(Status(shop).Head, gateway.Status.HeadPosition);
        }

        JournalAuditReport report = await JournalAudit.RunAsync(shop.JournalPath).Soon(TimeSpan.FromSeconds(60));
        Assert.True(report.IsSound, $"seed {seed}: {string.Join("; ", report.Faults)}");
        HashSet<string> journaled = [.. Status(shop).Lines];
        Assert.True(told.Count > Kills, $"seed {seed}: {told.Count} sales were told");
        Assert.True(told.IsSubsetOf(journaled), $"seed {seed}: told and not there: {string.Join("; ", told.Except(journaled).Take(5))}");
        Assert.Equal(report.Invoices, journaled.Select(line => string.Join(' ', line.Split(' ')[..2])).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, (int)report.Invoices), journaled.Select(line => int.Parse(line.Split(' ')[3], null)).Order());
    }

    [Fact]
    public async Task A_failed_fsync_answers_nobody_ends_the_process_and_the_sale_is_there_at_most_once()
    {
        int answered = 0;
        for (int failing = 12; failing <= 60; failing += 6)
        {
            using TestShop shop = new();
            using var till = Till.Start(
                shop, 2, "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync",
                "-e", $"inject=fdatasync,fsync:error=EIO:when={failing}+");

            (IReadOnlyList<string> told, int exitCode, string errors) = await till.EndAsync();

            Assert.True(exitCode == TillProcess.WriteFailed, $"fsync {failing}: exit code {exitCode}, {errors}");
            Assert.Contains("disk I/O error", errors, StringComparison.Ordinal);
            if (!File.Exists(shop.JournalPath) || new FileInfo(shop.JournalPath).Length == 0)
            {
                Assert.Empty(told);
                continue;
            }

            answered += told.Count;
            await AssertOnceAsync(shop, told);
        }

        Assert.True(answered > 0, "no run got as far as an answer: raise the number of the failing fsync");
    }

    private static async Task AssertOnceAsync(TestShop shop, IReadOnlyList<string> told)
    {
        await using InvoicingGateway gateway = await shop.OpenAsync();
        HashSet<string> journaled = [.. Status(shop).Lines];
        Assert.True(told.ToHashSet().IsSubsetOf(journaled));

        // The till does not know of its last sale: it comes again, and is there once.
        foreach (string register in new[] { "SIM-0001", "SIM-0002" })
        {
            ulong last = (ulong)journaled.Count(line => line.StartsWith(register, StringComparison.Ordinal));
            await gateway.IssueAsync(TestShop.Sale(Math.Max(1, last), register)).Soon();
            await gateway.IssueAsync(TestShop.Sale(Math.Max(1, last) + 1, register)).Soon();
        }

        JournalAuditReport report = await JournalAudit.RunAsync(shop.JournalPath).Soon(TimeSpan.FromSeconds(60));
        Assert.True(report.IsSound, string.Join("; ", report.Faults));
        Assert.Equal(report.Invoices, Status(shop).Lines.Select(line => string.Join(' ', line.Split(' ')[..2])).Distinct().Count());
    }

    private static (long Head, IReadOnlyList<string> Lines) Status(TestShop shop)
    {
        var lines = new List<string>();
        long head = 0;
        foreach (SignedEntry entry in JournalExport.Read(shop.JournalPath))
        {
            head = entry.Position;
            if (entry.Kind == EntryKind.Invoice)
            {
                Assert.Null(EntryFields.Read(entry.Body.Span, out EntryFields fields));
                Invoices.Invoice invoice = InvoiceContents.Read(fields.Content(entry.Body.Span));
                lines.Add($"{invoice.Sale.Key.Register} {invoice.Sale.Key.Sequence} {invoice.Code} {invoice.Number} {entry.Hash}");
            }
        }

        return (head, lines);
    }
}

using System.Text;
using System.Text.Json;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Sqlite;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Journal;

public sealed class JournalAuditTests
{
    [Theory]
    [InlineData(SignatureDepth.Every)]
    [InlineData(SignatureDepth.LastOfRun)]
    public async Task A_sound_journal_over_several_runs_is_sound(SignatureDepth depth)
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await Task.WhenAll(Enumerable.Range(1, 1_300).Select(i => gateway.IssueAsync(TestShop.Sale((ulong)i)))).Soon(TimeSpan.FromSeconds(60));

        JournalAuditReport report = await JournalAudit.RunAsync(shop.JournalPath, depth).Soon(TimeSpan.FromSeconds(60));

        Assert.Empty(report.Faults);
        Assert.Equal(1_302, report.HeadPosition);
        Assert.Equal(1_300, report.Invoices);
        Assert.Equal(gateway.Status.HeadHash, report.HeadHash);
        Assert.Equal(SqliteFile.Version, report.SqliteVersion);
    }

    [Theory]
    [InlineData(SignatureDepth.Every)]
    [InlineData(SignatureDepth.LastOfRun)]
    public async Task Damage_far_from_the_tail_is_found_where_it_is(SignatureDepth depth)
    {
        using TestShop shop = new();
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            await Task.WhenAll(Enumerable.Range(1, 1_300).Select(i => gateway.IssueAsync(TestShop.Sale((ulong)i)))).Soon(TimeSpan.FromSeconds(60));
        }

        JournalTests.Damage(shop.JournalPath, "UPDATE entry SET body = substr(body, 1, length(body) - 1) || x'7f' WHERE position = 600");

        JournalAuditReport report = await JournalAudit.RunAsync(shop.JournalPath, depth).Soon(TimeSpan.FromSeconds(60));

        Assert.Equal(depth == SignatureDepth.Every ? 600 : 601, report.Faults[0].Position);
        await using InvoicingGateway again = await shop.OpenAsync();
    }

    [Fact]
    public async Task Every_byte_of_every_entry_is_covered()
    {
        using TestShop shop = new();
        await JournalTests.FillAsync(shop, 2);
        using (var file = SqliteFile.OpenWriter(shop.JournalPath))
        {
            file.Execute("DROP TRIGGER entry_stays; DROP TRIGGER entry_is_kept");
            using SqliteStatement write = file.Statement("UPDATE entry SET body = ?, signature = ?, hash = ? WHERE position = ?");
            foreach (SignedEntry entry in JournalExport.Read(shop.JournalPath).ToArray())
            {
                byte[][] parts = [entry.Body.ToArray(), entry.Signature.ToArray(), entry.Hash.ToArray()];
                foreach (byte[] part in parts)
                {
                    // Every byte of signature and hash; of the body every third, to stay below a second.
                    for (int i = 0; i < part.Length; i += part == parts[0] ? 3 : 1)
                    {
                        part[i] ^= 0x01;
                        write.Bind(0, parts[0]).Bind(1, parts[1]).Bind(2, parts[2]).Bind(3, entry.Position).Run();
                        JournalAuditReport report = await JournalAudit.RunAsync(shop.JournalPath).Soon();
                        Assert.False(report.IsSound, $"byte {i} of {entry.Position} was flipped and not found");
                        part[i] ^= 0x01;
                    }
                }

                write.Bind(0, parts[0]).Bind(1, parts[1]).Bind(2, parts[2]).Bind(3, entry.Position).Run();
            }
        }

        Assert.True((await JournalAudit.RunAsync(shop.JournalPath).Soon()).IsSound);
    }

    [Fact]
    public async Task Records_that_were_removed_beside_sound_entries_are_found()
    {
        using TestShop shop = new();
        await JournalTests.FillAsync(shop, 5);
        JournalTests.Damage(shop.JournalPath, "DELETE FROM register_record WHERE sequence = 2");

        JournalAuditReport report = await JournalAudit.RunAsync(shop.JournalPath).Soon();

        JournalFault fault = Assert.Single(report.Faults);
        Assert.Equal(4, fault.Position);
        Assert.Equal("none", fault.Found);
    }

    [Fact]
    public void Every_sentence_of_the_chains_verifier_reads_expected_and_found()
    {
        foreach (string text in new[] { "expected position 3, found 4", "expected a P-256 public key, found other bytes" })
        {
            JournalFault fault = JournalFaults.Of(new(ChainFaultReason.Gap, 3, text));
            Assert.Equal(text, $"expected {fault.Expected}, found {fault.Found}");
        }
    }

    [Fact]
    public async Task An_export_is_lines_that_say_the_same_as_the_entries()
    {
        using TestShop shop = new();
        await JournalTests.FillAsync(shop, 3);
        using var stream = new MemoryStream();

        long written = await JournalExport.WriteAsync(shop.JournalPath, stream).Soon();

        string[] lines = Encoding.UTF8.GetString(stream.ToArray()).TrimEnd('\n').Split('\n');
        SignedEntry[] entries = [.. JournalExport.Read(shop.JournalPath)];
        Assert.Equal(entries.Length, written);
        Assert.Equal(entries.Length + 1, lines.Length);
        using var header = JsonDocument.Parse(lines[0]);
        Assert.Equal("invoicing/journal-export/1", header.RootElement.GetProperty("format").GetString());
        Assert.Equal(Convert.ToHexStringLower(shop.Enrolment.Bytes.Span), header.RootElement.GetProperty("enrolment").GetString());
        for (int i = 0; i < entries.Length; i++)
        {
            using var line = JsonDocument.Parse(lines[i + 1]);
            Assert.Equal(entries[i].Position, line.RootElement.GetProperty("position").GetInt64());
            Assert.Equal(Convert.ToHexStringLower(entries[i].Body.Span), line.RootElement.GetProperty("body").GetString());
            Assert.Equal(entries[i].Hash.ToString(), line.RootElement.GetProperty("hash").GetString());
            Assert.Equal(entries[i].Signature.ToString(), line.RootElement.GetProperty("signature").GetString());
        }

        using var invoice = JsonDocument.Parse(lines[3]);
        Assert.Equal("Invoice", invoice.RootElement.GetProperty("kind").GetString());
        Assert.Equal("M1-26-A1B2C-00000000000", invoice.RootElement.GetProperty("invoice").GetProperty("code").GetString());
        Assert.Equal(93_000, invoice.RootElement.GetProperty("invoice").GetProperty("total").GetInt64());
    }

    [Fact]
    public async Task An_export_from_a_position_begins_there()
    {
        using TestShop shop = new();
        await JournalTests.FillAsync(shop, 5);
        using var stream = new MemoryStream();

        Assert.Equal(3, await JournalExport.WriteAsync(shop.JournalPath, stream, from: 5).Soon());
        Assert.Equal([5L, 6L, 7L], JournalExport.Read(shop.JournalPath, after: 4).Select(entry => entry.Position));
    }
}

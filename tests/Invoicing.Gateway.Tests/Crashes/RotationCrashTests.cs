using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Hashing;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Crashes;

[Trait("Tier", "EndToEnd")]
public sealed class RotationCrashTests
{
    private const int Kills = 16;

    [Fact]
    public async Task Killed_anywhere_in_a_rotation_the_key_in_force_is_found_and_every_signature_verifies()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        int changes = 0;
        for (int i = 0; i < Kills; i++)
        {
            using TestShop shop = new();
            using var till = Till.StartAs("rotations", shop, registers: 1);
            int least = random.Next(1, 24);
            await Waiting.Until(() => till.Told >= least || till.HasEnded, $"told {least} lines", TimeSpan.FromSeconds(60));
            IReadOnlyList<string> told = await till.KillAsync();
            Assert.True(told.Count >= least, $"seed {seed}: the till ended by itself");
            changes += await CheckAsync(shop, told, $"seed {seed}, kill {i}");
        }

        Assert.True(changes > Kills, $"seed {seed}: {changes} key changes");
    }

    private static async Task<int> CheckAsync(TestShop shop, IReadOnlyList<string> told, string where)
    {
        string inForce;
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            inForce = gateway.Status.Key.Location!;
            await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        }

        JournalAuditReport report = await JournalAudit.RunAsync(shop.JournalPath).Soon(TimeSpan.FromSeconds(60));
        Assert.True(report.IsSound, $"{where}: {string.Join("; ", report.Faults)}");
        SignedEntry[] entries = [.. JournalExport.Read(shop.JournalPath)];
        HashSet<string> changes = [.. entries.Where(entry => entry.Kind == EntryKind.KeyChange)
            .Select(entry => Sha256Hash.Of(KeyEntries.PublicKeyOf(entry).Span).ToString())];
        Assert.All(told.Where(line => line.StartsWith("key", StringComparison.Ordinal)), line => Assert.Contains(line.Split(' ')[^1], changes));

        // Keys that signed and are not acknowledged are kept, one of a rotation that died is not: no file is there that the journal does not know.
        using var reader = JournalReader.Open(shop.JournalPath);
        JournalKeys keys = reader.ReadState().Keys;
        Assert.Equal(inForce, keys.InForce);
        Assert.Null(keys.Next);
        Assert.Equal(changes.Count, keys.Retired.Length);
        Assert.Equal(
            keys.Retired.Select(key => key.Place).Append(inForce).Order(StringComparer.Ordinal),
            Directory.GetFiles(shop.Folder, "*.key*").Where(path => !path.EndsWith(".new", StringComparison.Ordinal)).Select(path => $"file:{path}")
                .Order(StringComparer.Ordinal));
        return changes.Count;
    }
}

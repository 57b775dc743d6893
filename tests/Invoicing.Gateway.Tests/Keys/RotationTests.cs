using System.Diagnostics.CodeAnalysis;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Keys;
using Invoicing.Hashing;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Keys;

public sealed class RotationTests
{
    [Fact]
    public async Task A_rotation_is_an_entry_of_the_old_key_that_proves_the_new_one_and_later_entries_are_the_new_ones()
    {
        using TestShop shop = new();
        KeyRotation done;
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            await gateway.IssueAsync(TestShop.Sale(1)).Soon();
            Sha256Hash before = gateway.Status.Key.Id;
            long head = gateway.Status.HeadPosition;
            done = await gateway.RotateKeyAsync().Soon();
            IssuedInvoice issued = await gateway.IssueAsync(TestShop.Sale(2)).Soon();

            Assert.Equal((head + 1, before), (done.Position, done.Before));
            Assert.Equal(done.Id, gateway.Status.Key.Id);
            Assert.Equal(done.Location, gateway.Status.Key.Location);
            Assert.Null(EntryFields.Read(issued.Entry.Body.Span, out EntryFields fields));
            Assert.Equal(done.Id, fields.KeyId);
        }

        SignedEntry[] entries = [.. JournalExport.Read(shop.JournalPath)];
        SignedEntry entry = entries[done.Position - 1];
        Assert.Equal(EntryKind.KeyChange, entry.Kind);
        Assert.Equal(done.Id, Sha256Hash.Of(KeyEntries.PublicKeyOf(entry).Span));
        await RequireSoundAsync(shop);
        using var reader = JournalReader.Open(shop.JournalPath);
        ReceivedEntry change = Assert.Single(reader.KeyChangesAfter(done.Position - 1, 16));
        Assert.Equal(entry.Body.ToArray(), change.Body.ToArray());
        Assert.Empty(reader.KeyChangesAfter(done.Position, 16));
        Assert.Empty(reader.KeyChangesAfter(0, 0));

        await using InvoicingGateway again = await shop.OpenAsync();
        Assert.Equal(done.Id, again.Status.Key.Id);
        await again.IssueAsync(TestShop.Sale(3)).Soon();
    }

    [Fact]
    public async Task Sixty_four_callers_sell_through_rotations_and_each_entry_verifies_under_the_key_of_its_time()
    {
        const int Callers = 64;
        const int Sales = 40;
        const int Rotations = 12;
        using TestShop shop = new();
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            int sold = 0;
            Task[] selling = [.. Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
            {
                for (ulong sequence = 1; sequence <= Sales; sequence++)
                {
                    await gateway.IssueAsync(TestShop.Sale(sequence, $"SIM-{caller:0000}"));
                    Interlocked.Increment(ref sold);
                }
            }))];
            for (int i = 1; i <= Rotations; i++)
            {
                // Between two rotations something is sold, as long as there is something to sell.
                int least = Math.Min(Callers * Sales, Callers * Sales * i / (Rotations + 2));
                await Waiting.Until(() => Volatile.Read(ref sold) >= least, $"{least} sales", TimeSpan.FromSeconds(60));
                await gateway.RotateKeyAsync().Soon(TimeSpan.FromSeconds(60));
            }

            await Task.WhenAll(selling).Soon(TimeSpan.FromSeconds(60));
        }

        JournalAuditReport report = await RequireSoundAsync(shop);
        Assert.Equal(Callers * Sales, report.Invoices);
        Assert.Equal(Rotations, JournalExport.Read(shop.JournalPath).Count(entry => entry.Kind == EntryKind.KeyChange));
        Assert.True(
            Invoices(shop).Select(entry => KeyOf(entry)).Distinct().Count() > Rotations / 2,
            "expected sales under more than half of the keys");
    }

    [Fact]
    public async Task An_old_key_that_fails_at_the_change_leaves_it_in_force_and_sales_go_on()
    {
        using TestShop shop = new();
        using FailingSigner old = new();
        await using (InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options with { Signer = old }).Soon())
        {
            await gateway.IssueAsync(TestShop.Sale(1)).Soon();
            old.IsOut = true;
            NotRecordedException fault = await Assert.ThrowsAsync<NotRecordedException>(() => gateway.RotateKeyAsync(KeyLocation.Parse("file:next.key", shop.Folder)).Soon());
            Assert.Contains("pulled out", fault.Message, StringComparison.Ordinal);
            Assert.False(File.Exists(Path.Combine(shop.Folder, "next.key")));

            old.IsOut = false;
            await gateway.IssueAsync(TestShop.Sale(2)).Soon();
            Assert.Equal(old.KeyId, gateway.Status.Key.Id);
            await gateway.RotateKeyAsync(KeyLocation.Parse("file:next.key", shop.Folder)).Soon();
            await gateway.IssueAsync(TestShop.Sale(3)).Soon();
        }

        Assert.Equal(1, JournalExport.Read(shop.JournalPath).Count(entry => entry.Kind == EntryKind.KeyChange));
        await RequireSoundAsync(shop);
    }

    [Fact]
    [SuppressMessage("Reliability", "CA2000", Justification = "The gateway disposes of the keys that it is given.")]
    public async Task A_key_that_fails_now_and_then_while_it_is_changed_under_load_breaks_no_entry()
    {
        const int Callers = 16;
        using TestShop shop = new();
        await using (InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options with { Signer = new FailingSigner(failEvery: 31) }).Soon())
        {
            Task[] selling = [.. Enumerable.Range(0, Callers).Select(caller => Task.Run(() => SellAsync(gateway, $"SIM-{caller:0000}", 40)))];
            for (int done = 0; done < 8;)
            {
                try
                {
                    await gateway.RotateKeyAsync(new FailingSigner(failEvery: 31)).Soon(TimeSpan.FromSeconds(60));
                    done++;
                }
                catch (NotRecordedException)
                {
                    await Task.Yield(); // one of the two keys failed just then
                }
            }

            await Task.WhenAll(selling).Soon(TimeSpan.FromSeconds(60));
        }

        JournalAuditReport report = await RequireSoundAsync(shop);
        Assert.Equal(Callers * 40, report.Invoices);
        Assert.Equal(8, JournalExport.Read(shop.JournalPath).Count(entry => entry.Kind == EntryKind.KeyChange));
    }

    [Fact]
    public async Task The_key_in_force_another_curve_and_a_seventeenth_unacknowledged_change_are_refused()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        var present = KeyLocation.Parse(gateway.Status.Key.Location!, "/");
        InvoicingException same = await Assert.ThrowsAsync<InvoicingException>(() => gateway.RotateKeyAsync(present).Soon());
        Assert.Contains("found the same", same.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(shop.JournalPath + ".key"));

        for (int i = 0; i < PossessionProof.MaxKeyChanges; i++)
        {
            await gateway.RotateKeyAsync().Soon();
        }

        InvoicingException full = await Assert.ThrowsAsync<InvoicingException>(() => gateway.RotateKeyAsync().Soon());
        Assert.Contains("let the device send first", full.Message, StringComparison.Ordinal);
        Assert.Equal(PossessionProof.MaxKeyChanges, gateway.Status.Key.Retired);
        await gateway.IssueAsync(TestShop.Sale(1)).Soon();
    }

    [Fact]
    public async Task A_second_rotation_at_the_same_time_is_refused_and_changes_nothing()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        using BlockingSigner next = new();
        next.Block();
        Task<KeyRotation> first = gateway.RotateKeyAsync(next);
        await next.Reached.Soon();

        InvoicingException fault = await Assert.ThrowsAsync<InvoicingException>(() => gateway.RotateKeyAsync().Soon());
        Assert.True(fault.IsTransient);
        await gateway.IssueAsync(TestShop.Sale(1)).Soon(); // a key that hangs holds up no sale

        next.Release();
        Assert.Equal(next.KeyId, (await first.Soon()).Id);
        await gateway.IssueAsync(TestShop.Sale(2)).Soon();
        Assert.Equal("caller's", gateway.Status.Key.Kind);
    }

    [Fact]
    public async Task From_file_to_token_to_token_to_file_each_entry_verifies()
    {
        using TokenLab lab = new();
        using TestShop shop = new();
        GatewayOptions options = shop.Options with { Keys = TokenKeys.Options(lab) };
        ulong sequence = 0;
        string[] ways = [TokenKeys.At("one").ToString(), TokenKeys.At("two").ToString(), $"file:{shop.Folder}/back.key"];
        foreach (string to in ways)
        {
            await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(options).Soon(TimeSpan.FromSeconds(30));
            await gateway.IssueAsync(TestShop.Sale(++sequence)).Soon();
            KeyRotation done = await gateway.RotateKeyAsync(KeyLocation.Parse(to, "/")).Soon(TimeSpan.FromSeconds(60));
            Assert.Equal(to, done.Location);
            await gateway.IssueAsync(TestShop.Sale(++sequence)).Soon();
            Assert.Equal((to.StartsWith("pkcs11:", StringComparison.Ordinal) ? "token" : "file", to), (gateway.Status.Key.Kind, gateway.Status.Key.Location));
        }

        await using (InvoicingGateway gateway = await InvoicingGateway.OpenAsync(options).Soon(TimeSpan.FromSeconds(30)))
        {
            await gateway.IssueAsync(TestShop.Sale(++sequence)).Soon();
        }

        JournalAuditReport report = await RequireSoundAsync(shop);
        Assert.Equal(7, report.Invoices);
        string objects = lab.Tool("--list-objects", "--type", "privkey");
        Assert.Contains("never extractable", objects, StringComparison.Ordinal);
    }

    private static async Task SellAsync(InvoicingGateway gateway, string register, int sales)
    {
        for (int i = 1; i <= sales; i++)
        {
            for (bool isSold = false; !isSold;)
            {
                try
                {
                    await gateway.IssueAsync(TestShop.Sale((ulong)i, register));
                    isSold = true;
                }
                catch (NotRecordedException)
                {
                    await Task.Yield(); // the key failed just then; the register asks again
                }
            }
        }
    }

    private static IEnumerable<SignedEntry> Invoices(TestShop shop) => JournalExport.Read(shop.JournalPath).Where(entry => entry.Kind == EntryKind.Invoice);

    private static Sha256Hash KeyOf(SignedEntry entry)
    {
        Assert.Null(EntryFields.Read(entry.Body.Span, out EntryFields fields));
        return fields.KeyId;
    }

    private static async Task<JournalAuditReport> RequireSoundAsync(TestShop shop)
    {
        JournalAuditReport report = await JournalAudit.RunAsync(shop.JournalPath, SignatureDepth.Every).Soon(TimeSpan.FromSeconds(60));
        Assert.True(report.IsSound, string.Join("; ", report.Faults));
        return report;
    }
}

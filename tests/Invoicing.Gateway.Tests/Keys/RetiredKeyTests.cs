using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Tests.Uplink;
using Invoicing.Gateway.Uplink;
using Invoicing.Hashing;
using Invoicing.Testing;
using static Invoicing.Gateway.Tests.Uplink.Delivering;

namespace Invoicing.Gateway.Tests.Keys;

/// <summary>Keys that are not in force any more: kept as long as the authority may ask for what they signed, and no longer.</summary>
public sealed class RetiredKeyTests
{
    [Fact]
    public async Task An_old_key_is_removed_when_a_watermark_covers_the_change()
    {
        using TestShop shop = new();
        string old = shop.JournalPath + ".key";
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        await using (InvoicingGateway gateway = await Open(shop, authority))
        {
            await Issue(gateway, 1, 3);
            KeyRotation done = await gateway.RotateKeyAsync().Soon(Patience);
            await Issue(gateway, 4, 6);
            await gateway.WhenAcknowledgedAsync(done.Position).Soon(Patience);
            await Waiting.Until(() => gateway.Status.Key.Retired == 0, "the old key is not kept any more", Patience);
            Assert.False(File.Exists(old));
            await Issue(gateway, 7, 8);
            await Delivered(gateway);
        }

        Assert.Contains(authority.Ledger, entry => EntryFields.Read(entry.Body.Span, out EntryFields fields) is null && fields.Kind == EntryKind.KeyChange);
        await using InvoicingGateway again = await Open(shop, authority);
        await Issue(again, 9, 9);
        Assert.True((await JournalAudit.RunAsync(shop.JournalPath, SignatureDepth.Every).Soon(Patience)).IsSound);
    }

    [Fact]
    public async Task A_key_that_was_acknowledged_while_nobody_looked_is_removed_at_the_next_start()
    {
        using TestShop shop = new();
        string old = shop.JournalPath + ".key";
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            await gateway.RotateKeyAsync().Soon(Patience);
            Assert.True(File.Exists(old));
        }

        Journal.JournalTests.Damage(shop.JournalPath, "UPDATE uplink SET checkpoint = 2");
        await using InvoicingGateway again = await shop.OpenAsync();
        Assert.False(File.Exists(old));
        Assert.Equal(0, again.Status.Key.Retired);
    }

    [Fact]
    public async Task A_signature_of_an_old_key_is_made_again_by_it()
    {
        using TestShop shop = new();
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            await Issue(gateway, 1, 3);
            await gateway.RotateKeyAsync().Soon(Patience);
            await Issue(gateway, 4, 300); // the damage is further back than a start looks
        }

        Journal.JournalTests.Damage(shop.JournalPath, "UPDATE entry SET signature = zeroblob(64) WHERE kind = 26");
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        await using (InvoicingGateway gateway = await Open(shop, authority))
        {
            await Delivered(gateway);
        }

        Assert.True((await JournalAudit.RunAsync(shop.JournalPath, SignatureDepth.Every).Soon(Patience)).IsSound);
    }

    [Fact]
    public async Task A_signature_of_an_old_key_that_is_gone_halts_sending_and_not_recording()
    {
        using TestShop shop = new();
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            await Issue(gateway, 1, 3);
            await gateway.RotateKeyAsync().Soon(Patience);
            await Issue(gateway, 4, 300);
        }

        Journal.JournalTests.Damage(shop.JournalPath, "UPDATE entry SET signature = zeroblob(64) WHERE kind = 26");
        File.Delete(shop.JournalPath + ".key");
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        await using InvoicingGateway gone = await Open(shop, authority);
        await Waiting.Until(() => gone.Status.Sending.State == SendingState.Halted, "halted", Patience);
        await Issue(gone, 301, 302);
    }

    [Fact]
    public async Task What_a_rotation_that_died_before_its_entry_left_behind_is_removed()
    {
        using TestShop shop = new();
        Sha256Hash inForce;
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            inForce = gateway.Status.Key.Id;
        }

        string pending = shop.JournalPath + ".key-pending";
        Invoicing.Gateway.Keys.SigningKeyFile.Create(pending).Dispose();
        Journal.JournalTests.Damage(
            shop.JournalPath,
            $"UPDATE meta SET value = CAST('in force' || char(9) || 'file:{shop.JournalPath}.key' || char(10) || 'next' || char(9) || 'file:{pending}' || char(10) AS BLOB) WHERE name = 'signing_keys'");

        await using InvoicingGateway again = await shop.OpenAsync();
        Assert.Equal(inForce, again.Status.Key.Id);
        Assert.False(File.Exists(pending));
        Assert.True(File.Exists(shop.JournalPath + ".key"));
    }
}

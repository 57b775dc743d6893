using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Recording;
using Invoicing.Gateway.Uplink;
using Invoicing.Testing;
using static Invoicing.Gateway.Tests.Uplink.Delivering;
using Wire = Invoicing.Protos.V1;

namespace Invoicing.Gateway.Tests.Uplink;

/// <summary>What an authority refuses or rejects, and what becomes of it.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task A_bad_signature_is_made_again_once()
    {
        using TestShop shop = new();
        await Journal.JournalTests.FillAsync(shop, 3);
        Journal.JournalTests.Damage(shop.JournalPath, "UPDATE entry SET signature = zeroblob(64) WHERE position = 4");
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        await using InvoicingGateway gateway = await Open(shop, authority);

        await Delivered(gateway);

        Assert.True((await JournalAudit.RunAsync(shop.JournalPath).Soon()).IsSound);
    }

    [Fact]
    public async Task A_signature_that_is_refused_again_halts_sending_and_not_recording()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        authority.Instead = _ => new()
        {
            Refusal = new() { Reason = Wire.RefusalReason.Signature, Position = 1, Text = "expected a signature, found another" },
        };
        await using InvoicingGateway gateway = await Open(shop, authority);

        await Waiting.Until(() => gateway.Status.Sending.State == SendingState.Halted, "halted", Patience);
        Assert.Equal(2, authority.Streams);
        Assert.NotNull(gateway.Status.Sending.WayOut);
        await Issue(gateway, 1, 2);
    }

    [Fact]
    public async Task An_entry_refused_halts_sending_with_its_name_and_recording_goes_on()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        authority.Instead = _ => new()
        {
            Refusal = new() { Reason = Wire.RefusalReason.Malformed, Position = 1, Text = "expected a body of at most 32 KiB, found more" },
        };
        await using InvoicingGateway gateway = await Open(shop, authority);

        await Waiting.Until(() => gateway.Status.Sending.State == SendingState.Halted, "halted", Patience);
        Assert.Contains("entry 1 was refused (Malformed): expected a body", gateway.Status.Sending.Reason, StringComparison.Ordinal);
        await Issue(gateway, 1, 2);
        Assert.Equal(RecordingState.On, gateway.Status.Recording.State);
    }

    [Fact]
    public async Task A_rejection_parks_the_entry_over_restarts_until_another_verdict()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        SignedVerdict[] verdicts = [];
        int sent = 0;
        authority.Verdicts = () => verdicts[Interlocked.Exchange(ref sent, verdicts.Length)..];
        await using (InvoicingGateway gateway = await Open(shop, authority))
        {
            IssuedInvoice issued = await gateway.IssueAsync(TestShop.Sale(1)).Soon();
            verdicts = [Verdict(shop, gateway, 1, issued, VerdictOutcomeKind.Rejected)];
            await gateway.IssueAsync(TestShop.Sale(2)).Soon();
            await Waiting.Until(() => gateway.Status.Parked == 1, "parked", Patience);
            Assert.Equal(RecordingState.On, gateway.Status.Recording.State);
            await Delivered(gateway);
        }

        await using InvoicingGateway again = await Open(shop, authority);
        Assert.Equal(1, again.Status.Parked);
        await Waiting.Until(() => authority.Hellos.Last().VerdictCursor == 1, "greeted with the cursor", Patience);
        IssuedInvoice first = await again.IssueAsync(TestShop.Sale(1)).Soon();
        verdicts = [.. verdicts, Verdict(shop, again, 2, first, VerdictOutcomeKind.Accepted)];
        await again.IssueAsync(TestShop.Sale(3)).Soon();
        await Waiting.Until(() => again.Status.Parked == 0, "accepted", Patience);
    }

    private static SignedVerdict Verdict(TestShop shop, InvoicingGateway gateway, long number, IssuedInvoice issued, VerdictOutcomeKind outcome) =>
        new Verdict(gateway.Status.Chain, number, issued.Entry.Position, issued.Entry.Hash, outcome, "VN-X", "why", null, 1).Sign(shop.AuthorityKey);
}

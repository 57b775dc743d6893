using Grpc.Core;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Recording;
using Invoicing.Gateway.Uplink;
using Invoicing.Hashing;
using Invoicing.Signing;
using Invoicing.Testing;
using Wire = Invoicing.Protos.V1;

namespace Invoicing.Gateway.Tests.Uplink;

/// <summary>The uplink over real TLS and real streams, against an authority that does what the test says.</summary>
public sealed class DeliveryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Entries_arrive_in_order_and_the_checkpoint_follows_the_watermark()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        await using InvoicingGateway gateway = await Open(shop, authority);
        await Issue(gateway, 1, 50);

        await Delivered(gateway);

        Assert.Equal(gateway.Status.HeadPosition, gateway.Status.Checkpoint);
        Assert.Equal(gateway.Status.HeadPosition, authority.Ledger.Count);
        Assert.Equal(SendingState.Streaming, gateway.Status.Sending.State);
        Assert.Equal(0, gateway.Status.Lag);
        Assert.Equal(TimeSpan.Zero, gateway.Status.LagAge);
        Assert.Equal(
            JournalExport.Read(shop.JournalPath).Select(e => Convert.ToHexString(e.Body.Span)),
            authority.Ledger.Select(e => Convert.ToHexString(e.Body.Span)));
    }

    [Fact]
    public async Task New_entries_name_the_newest_watermark_as_their_anchor_also_after_a_restart()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        await using (InvoicingGateway gateway = await Open(shop, authority))
        {
            IssuedInvoice first = await gateway.IssueAsync(TestShop.Sale(1)).Soon();
            await Delivered(gateway);
            IssuedInvoice second = await gateway.IssueAsync(TestShop.Sale(2)).Soon();
            Assert.True(Fields(second.Entry).Anchor is { LedgerTime: 1_782_950_400_000 });
            Assert.NotEqual(Fields(first.Entry).Anchor, Fields(second.Entry).Anchor);
            await Delivered(gateway);
        }

        await using InvoicingGateway again = await InvoicingGateway.OpenAsync(shop.Options).Soon();
        Assert.True(again.Status.Checkpoint > 0);
        Assert.NotNull(Fields((await again.IssueAsync(TestShop.Sale(3)).Soon()).Entry).Anchor);
        Assert.True((await JournalAudit.RunAsync(shop.JournalPath).Soon()).IsSound);
    }

    [Fact]
    public async Task Attachments_travel_beside_their_entries_and_match_them()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        await using InvoicingGateway gateway = await Open(shop, authority);
        Sales.RegisterRecord record = TestShop.Record(1) with { Kind = Sales.RecordKind.DayClose, Sale = null };
        await gateway.RecordAsync(record, default).Soon();
        await Delivered(gateway);

        Wire.SubmittedEntry entry = Assert.Single(authority.Submitted, e => e.Attachments.Count > 0);
        Wire.Attachment attachment = Assert.Single(entry.Attachments);
        Assert.Equal(record.Bytes.ToArray(), attachment.Content.ToByteArray());
        var commitment = Sha256Hash.Of(attachment.Salt.Span, attachment.Content.Span);
        Assert.True(entry.Body.Span.IndexOf(commitment.ToArray()) > 0);
    }

    [Fact]
    public async Task A_small_window_is_kept()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        authority.WindowEntries = 7;
        await using InvoicingGateway gateway = await Open(shop, authority);
        await Issue(gateway, 1, 100);

        await Delivered(gateway);

        Assert.InRange(authority.LargestUnanswered, 1, 7);
    }

    [Fact]
    public async Task No_network_records_on_and_delivers_when_it_is_back()
    {
        using TestShop shop = new();
        ScriptedAuthority gone = await ScriptedAuthority.StartAsync(shop);
        int port = gone.Address.Port;
        await using InvoicingGateway gateway = await Open(shop, gone);
        await Issue(gateway, 1, 3);
        await Delivered(gateway);
        await gone.DisposeAsync();
        await Issue(gateway, 4, 10);
        await Waiting.Until(() => gateway.Status.Sending.State is SendingState.BackingOff, "backing off", Patience);
        Assert.True(gateway.Status.Lag > 0);
        Assert.Equal(RecordingState.On, gateway.Status.Recording.State);

        await using ScriptedAuthority back = await ScriptedAuthority.StartAsync(shop, port);
        back.Chain = gone.Chain;
        await Delivered(gateway);

        Assert.Equal(7, back.Ledger.Count);
    }

    [Fact]
    public async Task A_fenced_stream_comes_back_by_itself()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        authority.Status = new(StatusCode.Aborted, "fenced by a newer hello");
        await using InvoicingGateway gateway = await Open(shop, authority);
        await Waiting.Until(() => authority.Streams >= 3, "tried three times", Patience);
        Assert.Contains("another stream of this chain took over", gateway.Status.Sending.Reason, StringComparison.Ordinal);

        authority.Status = null;
        await Issue(gateway, 1, 1);
        await Delivered(gateway);
    }

    [Fact]
    public async Task An_unknown_device_is_told_so_and_records_on()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        authority.Status = new(StatusCode.PermissionDenied, "device-1 is not enrolled");
        await using InvoicingGateway gateway = await Open(shop, authority);

        await Waiting.Until(() => gateway.Status.Sending.Reason?.Contains("device-1 is not enrolled", StringComparison.Ordinal) == true, "told", Patience);
        await Issue(gateway, 1, 1);
    }

    [Fact]
    public async Task An_authority_under_another_root_is_never_trusted()
    {
        using TestShop shop = new();
        using TestShop other = new();
        await using ScriptedAuthority impostor = await ScriptedAuthority.StartAsync(other);
        await using InvoicingGateway gateway = await Open(shop, impostor);

        await Waiting.Until(() => gateway.Status.Sending.State == SendingState.BackingOff, "backing off", Patience);
        Assert.Equal(0, impostor.Streams);
    }

    [Fact]
    public async Task A_watermark_with_another_hash_stops_recording_for_good()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        authority.Bend = _ => authority.Watermark(1, Sha256Hash.Of([9]));
        await using (InvoicingGateway gateway = await Open(shop, authority))
        {
            await AssertForeign(gateway);
        }

        await using InvoicingGateway again = await InvoicingGateway.OpenAsync(shop.Options).Soon();
        Assert.Equal(RecordingState.Stopped, again.Status.Recording.State);
        await Assert.ThrowsAsync<NotRecordedException>(() => again.IssueAsync(TestShop.Sale(99)).Soon());
    }

    [Fact]
    public async Task A_watermark_ahead_of_the_journal_stops_recording_for_good()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        authority.Bend = _ => authority.Watermark(5_000, Sha256Hash.Of([9]));
        await using InvoicingGateway gateway = await Open(shop, authority);

        await AssertForeign(gateway);
    }

    [Fact]
    public async Task A_journal_restored_from_a_backup_is_found_at_the_first_hello()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        await using (InvoicingGateway gateway = await Open(shop, authority))
        {
            await Issue(gateway, 1, 3);
            await Delivered(gateway);
        }

        string backup = shop.JournalPath + ".backup";
        File.Copy(shop.JournalPath, backup);
        await using (InvoicingGateway gateway = await Open(shop, authority))
        {
            await Issue(gateway, 4, 9);
            await Delivered(gateway);
        }

        File.Copy(backup, shop.JournalPath, overwrite: true);
        await using InvoicingGateway restored = await Open(shop, authority);
        await Waiting.Until(() => restored.Status.Recording.State == RecordingState.Stopped, "stopped", Patience);
        Assert.Equal(SendingState.Halted, restored.Status.Sending.State);
    }

    [Theory]
    [InlineData("signature")]
    [InlineData("chain")]
    [InlineData("leaf")]
    [InlineData("key")]
    public async Task A_watermark_that_proves_nothing_moves_no_checkpoint_and_stops_nothing(string lie)
    {
        using TestShop shop = new();
        using var stranger = SoftwareSigner.Create();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        await using InvoicingGateway gateway = await Open(shop, authority);
        await Issue(gateway, 1, 1);
        await Delivered(gateway);
        long before = gateway.Status.Checkpoint;
        authority.Bend = truth => lie switch
        {
            "signature" => truth with { Signature = new(new byte[64]) },
            "chain" => authority.Watermark(3, authority.Chain!.Hash, ChainId.Create()),
            "leaf" => truth with { Leaf = authority.Watermark(2, authority.Chain!.Hash).Leaf },
            _ => WatermarkSigner.Sign([new(authority.Chain!.Chain, authority.Chain.Position, authority.Chain.Hash, 0)], 1, 1, stranger)[0],
        };
        int streams = authority.Streams;
        await Issue(gateway, 2, 2);

        await Waiting.Until(() => authority.Streams > streams + 1, "tried again", Patience);
        Assert.Equal(before, gateway.Status.Checkpoint);
        Assert.Equal(RecordingState.On, gateway.Status.Recording.State);

        authority.Bend = null;
        await Delivered(gateway);
    }

    [Fact]
    public async Task An_authority_that_lost_something_gets_it_again_with_an_alarm()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        await using (InvoicingGateway gateway = await Open(shop, authority))
        {
            await Issue(gateway, 1, 20);
            await Delivered(gateway);
        }

        int held = authority.Ledger.Count;
        authority.LoseAfter(5);
        using ManualResetEventSlim slow = new();
        authority.Instead = _ =>
        {
            slow.Wait(Patience);
            return null;
        };
        await using InvoicingGateway again = await Open(shop, authority);
        await Waiting.Until(() => again.Status.Alarm is not null, "alarmed", Patience);
        Assert.Contains("it lost something", again.Status.Alarm, StringComparison.Ordinal);
        Assert.Equal(RecordingState.On, again.Status.Recording.State);

        slow.Set();
        await again.IssueAsync(TestShop.Sale(21)).Soon();
        await Waiting.Until(() => authority.Ledger.Count > held, "sent again", Patience);
        await Delivered(again);
        await Waiting.Until(() => again.Status.Alarm is null, "over", Patience);
    }

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

    [Fact]
    public async Task Waiting_for_an_acknowledgement_ends_with_its_token()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(
            shop.Options with { Authority = new("https://localhost:1"), DrainTimeout = TimeSpan.Zero }).Soon();
        using CancellationTokenSource stop = new();
        Task waiting = gateway.WhenAcknowledgedAsync(1, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon());
    }

    [Fact]
    public async Task An_authority_that_never_answers_is_left_and_tried_again()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        authority.Instead = _ => new() { Verdicts = new() };
        var time = new ManualTime(new(2026, 7, 2, 8, 0, 0, TimeSpan.Zero));
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(
            shop.Options with { Authority = authority.Address, Time = time, DrainTimeout = TimeSpan.Zero }).Soon();
        await Waiting.Until(() => gateway.Status.Sending.State == SendingState.Streaming, "streaming", Patience);
        await Issue(gateway, 1, 3);

        await Waiting.Until(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(5));
                return authority.Streams >= 2;
            },
            "tried again", Patience);
    }

    internal static Task<InvoicingGateway> Open(TestShop shop, ScriptedAuthority authority) => InvoicingGateway.OpenAsync(shop.Options with
    {
        Authority = authority.Address,
        ReconnectDelay = TimeSpan.FromMilliseconds(20),
        ReconnectCap = TimeSpan.FromMilliseconds(200),
    }).Soon();

    private static async Task AssertForeign(InvoicingGateway gateway)
    {
        // It says so with its first answer.
        await Waiting.Until(() => gateway.Status.Recording.State == RecordingState.Stopped, "stopped", Patience);
        await Waiting.Until(() => gateway.Status.Sending.State == SendingState.Halted, "halted", Patience);
        Assert.Contains("edge succeed", gateway.Status.Recording.WayOut, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotRecordedException>(() => gateway.IssueAsync(TestShop.Sale(99)).Soon());
    }

    private static SignedVerdict Verdict(TestShop shop, InvoicingGateway gateway, long number, IssuedInvoice issued, VerdictOutcomeKind outcome) =>
        new Verdict(gateway.Status.Chain, number, issued.Entry.Position, issued.Entry.Hash, outcome, "VN-X", "why", null, 1).Sign(shop.AuthorityKey);

    private static async Task Issue(InvoicingGateway gateway, int from, int to)
    {
        for (int i = from; i <= to; i++)
        {
            await gateway.IssueAsync(TestShop.Sale((ulong)i)).Soon(Patience);
        }
    }

    private static Task Delivered(InvoicingGateway gateway) => gateway.WhenAcknowledgedAsync(gateway.Status.HeadPosition).Soon(Patience);

    private static EntryFields Fields(SignedEntry entry)
    {
        Assert.Null(EntryFields.Read(entry.Body.Span, out EntryFields fields));
        return fields;
    }
}

using Google.Protobuf;
using Grpc.Core;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Protos.V1;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Intake;

/// <summary>Peers that lie, over the real wire: each gets the answer that intake.proto says, and what was good before it is kept.</summary>
public sealed class HostileDeliveryTests() : GreetedDeviceTests(invoices: 9)
{
    [Theory]
    [InlineData(0, nameof(RefusalReason.Malformed))] // tag of the format
    [InlineData(4, nameof(RefusalReason.Chain))] // the chain's name
    [InlineData(-1, nameof(RefusalReason.Signature))] // the content's last byte: the hash carries nothing any more
    public async Task A_body_with_a_flipped_bit_at_the_end_of_a_run_is_refused_and_what_was_before_it_is_not_lost(int at, string expected)
    {
        SignedEntry last = Sample.Entries[^1];
        byte[] body = last.Body.ToArray();
        body[at < 0 ? body.Length + at : at] ^= 1;

        await Client.SendAsync(Sample.Entries[..9]);
        await Client.AnswerForAsync(9, Bundle);
        await Client.SendAsync(last with { Body = body });
        Refusal refusal = await Client.RefusalAsync();

        Assert.Equal(10u, refusal.Position);
        Assert.Equal(expected, refusal.Reason.ToString());
        Assert.Equal(9, IntakeClient.Verified(refusal.Watermark, Bundle).Position);
        Assert.Equal(StatusCode.FailedPrecondition, (await Client.EndAsync()).StatusCode);
    }

    [Fact]
    public async Task A_body_with_a_flipped_bit_inside_a_run_breaks_the_next_link_and_the_run_before_it_is_kept_only_if_signed()
    {
        byte[] body = Sample.Entries[4].Body.ToArray();
        body[^1] ^= 1;
        List<SignedEntry> entries = [.. Sample.Entries];
        entries[4] = entries[4] with { Body = body };

        await Client.SendAsync(entries);
        Refusal refusal = await Client.RefusalAsync();

        // The fault shows at entry 6, whose link does not fit; entry 5 has no signature of its own, so nothing behind the opening may be kept.
        Assert.Equal((RefusalReason.Link, 6UL), (refusal.Reason, refusal.Position));
        Assert.Equal(1, IntakeClient.Verified(refusal.Watermark, Bundle).Position);
    }

    [Fact]
    public async Task Entries_ahead_of_a_faulty_one_are_stored_and_answered_before_the_refusal()
    {
        List<SignedEntry> entries = [.. Sample.Entries];
        entries.RemoveAt(6); // a gap at position 7
        await Client.SendAsync(entries);

        (Answer answer, _) = await Client.AnswerForAsync(6, Bundle);
        Assert.Equal(6u, answer.JudgedPosition);
        Refusal refusal = await Client.RefusalAsync();
        Assert.Equal((RefusalReason.Gap, 7UL), (refusal.Reason, refusal.Position));
        Assert.Contains("expected position 7, found 8", refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signature_of_zeros_or_of_the_wrong_length_is_refused()
    {
        var batch = new Batch();
        batch.Entries.AddRange(Sample.Entries.Select(IntakeClient.ToMessage));
        batch.Entries[^1].Signature = ByteString.CopyFrom(new byte[63]);
        await Client.Call.RequestStream.WriteAsync(new() { Batch = batch }, TestContext.Current.CancellationToken).Soon();

        Assert.Equal(RefusalReason.Signature, (await Client.RefusalAsync()).Reason);
    }

    [Fact]
    public async Task A_key_change_smuggled_into_a_batch_with_a_bad_old_signature_is_refused_with_all_that_follows_it()
    {
        SignedEntry change = Sample.ChangeKey();
        Sample.Sell();
        Sample.Sell();
        List<SignedEntry> entries = [.. Sample.Entries];
        byte[] signature = change.Signature.ToArray();
        signature[5] ^= 1;
        entries[10] = change with { Signature = new(signature) };

        await Client.SendAsync(entries);
        Refusal refusal = await Client.RefusalAsync();

        Assert.Equal((RefusalReason.Signature, 11UL), (refusal.Reason, refusal.Position));
        Chain.Watermark stored = IntakeClient.Verified(refusal.Watermark, Bundle);
        Assert.True(stored.Position < 11, $"expected nothing of the change to be stored, found position {stored.Position}");
    }

    [Fact]
    public async Task A_key_change_without_proof_of_the_new_key_is_refused_and_a_good_one_is_taken()
    {
        await Client.SendAsync(Sample.Entries);
        await Client.AnswerForAsync(10, Bundle);
        Sample.ChangeKey();
        Sample.Sell();
        await Client.SendAsync(Sample.Entries[10..]);
        await Client.AnswerForAsync(12, Bundle);

        Sample.ChangeKey(withProof: false);
        Sample.Sell();
        await Client.SendAsync(Sample.Entries[12..]);
        Refusal refusal = await Client.RefusalAsync();
        Assert.Equal((RefusalReason.Key, 13UL), (refusal.Reason, refusal.Position));
    }

    [Fact]
    public async Task A_batch_sent_a_second_time_is_a_gap()
    {
        await Client.SendAsync(Sample.Entries);
        await Client.AnswerForAsync(10, Bundle);
        await Client.SendAsync(Sample.Entries[5..]);

        Refusal refusal = await Client.RefusalAsync();
        Assert.Equal((RefusalReason.Gap, 11UL), (refusal.Reason, refusal.Position));
    }

    [Fact]
    public async Task A_chain_that_was_set_back_is_another_history()
    {
        await Client.SendAsync(Sample.Entries);
        await Client.AnswerForAsync(10, Bundle);
        Sample.Rewind(3);
        using var back = new IntakeClient(Host.Connect(Bundle));
        await back.GreetAsync(Sample);
        Refusal behind = await back.RefusalAsync();
        Assert.Equal((RefusalReason.History, 10), (behind.Reason, (int)IntakeClient.Verified(behind.Watermark, Bundle).Position));

        // The same length again, with other content.
        Sample.Sell();
        Sample.Sell();
        Sample.Sell();
        using var branch = new IntakeClient(Host.Connect(Bundle));
        await branch.GreetAsync(Sample);
        Refusal forked = await branch.RefusalAsync();
        Assert.Equal(RefusalReason.History, forked.Reason);
        Assert.Contains("another branch", forked.Text, StringComparison.Ordinal);
        Assert.Equal(StatusCode.FailedPrecondition, (await branch.EndAsync()).StatusCode);
    }

    [Fact]
    public async Task A_branch_that_is_longer_than_what_is_stored_is_refused_at_its_first_link()
    {
        await Client.SendAsync(Sample.Entries);
        await Client.AnswerForAsync(10, Bundle);
        Sample.Rewind(2);
        for (int i = 0; i < 5; i++)
        {
            Sample.Sell();
        }

        using var branch = new IntakeClient(Host.Connect(Bundle));
        await branch.HelloAsync(Sample);
        await branch.SendAsync(Sample.Entries[10..]);
        Refusal refusal = await branch.RefusalAsync();
        Assert.Equal((RefusalReason.Link, 11UL), (refusal.Reason, refusal.Position));
    }

    [Fact]
    public async Task A_newer_hello_fences_the_older_stream()
    {
        await Client.SendAsync(Sample.Entries);
        await Client.AnswerForAsync(10, Bundle);
        using var newer = new IntakeClient(Host.Connect(Bundle));
        Welcome welcome = await newer.HelloAsync(Sample);

        RpcException end = await Client.EndAsync();
        Assert.Equal(StatusCode.Aborted, end.StatusCode);
        Assert.Contains("fenced", end.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(10, IntakeClient.Verified(welcome.Watermark, Bundle).Position);
        Sample.Sell();
        await newer.SendAsync(Sample.Entries[10..]);
        await newer.AnswerForAsync(11, Bundle);
    }

    [Fact]
    public async Task Another_devices_certificate_is_refused_and_does_not_fence_the_owner()
    {
        await Client.SendAsync(Sample.Entries);
        await Client.AnswerForAsync(10, Bundle);
        ClientBundle other = await Host.AddDeviceAsync("shop-2");
        using var thief = new IntakeClient(Host.Connect(other));
        await thief.GreetAsync(Sample);

        RpcException end = await thief.EndAsync();
        Assert.Equal(StatusCode.PermissionDenied, end.StatusCode);
        Assert.Contains("belongs to device 'shop-1'; expected that device's certificate, found that of device 'shop-2'", end.Status.Detail, StringComparison.Ordinal);
        Sample.Sell();
        await Client.SendAsync(Sample.Entries[10..]);
        await Client.AnswerForAsync(11, Bundle);
    }

    [Fact]
    public async Task Another_devices_enrolment_starts_no_chain()
    {
        ClientBundle other = await Host.AddDeviceAsync("shop-2");
        using SampleChain foreign = new SampleChain(EnrolmentGrant.Read(Bundle.Enrolment)).With(invoices: 1);
        using var client = new IntakeClient(Host.Connect(other));
        await client.GreetAsync(foreign);

        Refusal refusal = await client.RefusalAsync();
        Assert.Equal(RefusalReason.Opening, refusal.Reason);
        Assert.Contains("granted to this certificate (device 'shop-2'), found another", refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_enrolment_starts_one_chain()
    {
        await Client.SendAsync(Sample.Entries);
        await Client.AnswerForAsync(10, Bundle);
        using SampleChain second = new SampleChain(Sample.Grant).With(invoices: 1);
        using var client = new IntakeClient(Host.Connect(Bundle));
        await client.GreetAsync(second);

        Refusal refusal = await client.RefusalAsync();
        Assert.Equal(RefusalReason.Opening, refusal.Reason);
        Assert.Contains($"expected chain {Sample.Id}", refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_chains_that_open_at_once_on_one_enrolment_leave_one_of_them()
    {
        using SampleChain second = new SampleChain(Sample.Grant).With(invoices: 1);
        using var client = new IntakeClient(Host.Connect(Bundle));
        await client.HelloAsync(second); // nothing is stored of either yet
        await Client.SendAsync(Sample.Entries);
        await Client.AnswerForAsync(10, Bundle);
        await client.SendAsync(second.Entries);

        Assert.Equal(RefusalReason.Opening, (await client.RefusalAsync()).Reason);
    }

    [Fact]
    public async Task An_unknown_chain_needs_its_enrolment_with_the_hello()
    {
        using SampleChain second = new SampleChain(Sample.Grant).With(invoices: 1);
        using var client = new IntakeClient(Host.Connect(Bundle));
        await client.GreetAsync(second, change: hello => hello.Enrolment = ByteString.Empty);

        Refusal refusal = await client.RefusalAsync();
        Assert.Equal(RefusalReason.Opening, refusal.Reason);
        Assert.Contains("found none", refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_behind_a_retirement_is_refused()
    {
        Sample.Add(EntryContents.Seal(SealType.Retirement, "end"));
        Sample.Sell();
        await Client.SendAsync(Sample.Entries);

        Refusal refusal = await Client.RefusalAsync();
        Assert.Equal((RefusalReason.Sealed, 12UL), (refusal.Reason, refusal.Position));
        Assert.Equal(11, IntakeClient.Verified(refusal.Watermark, Bundle).Position);
    }

    [Fact]
    public async Task A_batch_above_its_limits_ends_the_call()
    {
        await Client.SendAsync(Enumerable.Repeat(Sample.Entries[0], 1_025));
        Assert.Equal(StatusCode.ResourceExhausted, (await Client.EndAsync()).StatusCode);

        using var large = new IntakeClient(Host.Connect(Bundle));
        await large.HelloAsync(Sample);
        var batch = new Batch();
        batch.Entries.Add(new SubmittedEntry { Body = ByteString.CopyFrom(new byte[(1 << 20) + 1]) });
        await large.Call.RequestStream.WriteAsync(new() { Batch = batch }, TestContext.Current.CancellationToken).Soon();
        Assert.Equal(StatusCode.ResourceExhausted, (await large.EndAsync()).StatusCode);
    }

    [Fact]
    public async Task A_message_above_four_mebibytes_is_refused_before_it_is_buffered()
    {
        var batch = new Batch();
        batch.Entries.Add(new SubmittedEntry { Body = ByteString.CopyFrom(new byte[5 << 20]) });
        try
        {
            await Client.Call.RequestStream.WriteAsync(new() { Batch = batch }, TestContext.Current.CancellationToken).Soon();
        }
        catch (RpcException)
        {
            // The answer may be there before all of it was written.
        }

        Assert.Equal(StatusCode.ResourceExhausted, (await Client.EndAsync()).StatusCode);
    }

    [Fact]
    public async Task A_body_above_its_limit_is_malformed()
    {
        SignedEntry entry = Sample.Entries[0] with { Body = new byte[EntryFields.MaxBody + 1] };
        await Client.SendAsync(entry);

        Refusal refusal = await Client.RefusalAsync();
        Assert.Equal((RefusalReason.Malformed, 1UL), (refusal.Reason, refusal.Position));
    }

    [Fact]
    public async Task A_batch_ahead_of_the_hello_and_a_second_hello_end_the_call()
    {
        using var early = new IntakeClient(Host.Connect(Bundle));
        await early.SendAsync(Sample.Entries);
        Assert.Equal(StatusCode.InvalidArgument, (await early.EndAsync()).StatusCode);

        await Client.SendAsync(IntakeClient.HelloOf(Sample));
        Assert.Equal(StatusCode.InvalidArgument, (await Client.EndAsync()).StatusCode);
    }

    [Fact]
    public async Task More_entries_than_the_window_unanswered_end_the_call()
    {
        // One step of the session, without a race against the commit: see IntakeSessionTests. Here: the window is what the welcome says.
        using var client = new IntakeClient(Host.Connect(Bundle));
        Welcome welcome = await client.HelloAsync(Sample);
        Assert.Equal((4_096u, 4u << 20), (welcome.WindowEntries, welcome.WindowBytes));
    }
}

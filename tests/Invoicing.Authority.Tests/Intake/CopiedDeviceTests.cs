using Grpc.Core;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Protos.V1;
using Invoicing.Signing;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Intake;

/// <summary>Who may deliver a chain: a certificate opens nothing without the chain's key, and two machines with both are told apart.</summary>
public sealed class CopiedDeviceTests() : GreetedDeviceTests(invoices: 9)
{
    [Fact]
    public async Task A_copied_certificate_without_the_chains_key_opens_nothing_and_fences_nobody()
    {
        await DeliverAsync();
        using var other = SoftwareSigner.Create();
        using var thief = new IntakeClient(Host.Connect(Bundle));
        await thief.GreetAsync(Sample, signer: other);

        RpcException end = await thief.EndAsync();
        Assert.Equal(StatusCode.PermissionDenied, end.StatusCode);
        Assert.Contains("expected the key in force of chain", end.Status.Detail, StringComparison.Ordinal);
        await StillDeliversAsync();
    }

    [Fact]
    public async Task A_proof_that_was_overheard_opens_no_other_stream()
    {
        await DeliverAsync();
        KeyPossession? heard = null;
        using (var first = new IntakeClient(Host.Connect(Bundle)))
        {
            await first.GreetAsync(Sample, change: hello => heard = hello.Proof.Clone());
            Assert.Equal(IntakeResponse.ResponseOneofCase.Welcome, (await first.NextAsync()).ResponseCase);
        }

        using var replay = new IntakeClient(Host.Connect(Bundle));
        await replay.GreetAsync(Sample, change: hello => hello.Proof = heard);
        RpcException end = await replay.EndAsync();
        Assert.Equal(StatusCode.PermissionDenied, end.StatusCode);
        Assert.Contains("expected a proof that the caller holds key", end.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_that_calls_while_the_device_lives_is_refused_and_told_of()
    {
        await DeliverAsync();
        byte[] mine = Sample.Instance;
        using var copy = new IntakeClient(Host.Connect(Bundle));
        Sample.Instance = Enumerable.Repeat((byte)7, PossessionProof.InstanceLength).ToArray();
        await copy.GreetAsync(Sample);
        Sample.Instance = mine;

        IntakeResponse probe = await Client.NextAsync();
        Assert.Equal(IntakeResponse.ResponseOneofCase.Probe, probe.ResponseCase);
        await AnswerAsync(probe.Probe);

        RpcException end = await copy.EndAsync();
        Assert.Equal(StatusCode.AlreadyExists, end.StatusCode);
        Assert.Contains("is delivered by another machine, which is alive", end.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("one of the two is a copy", end.Status.Detail, StringComparison.Ordinal);
        await StillDeliversAsync();
    }

    [Fact]
    public async Task A_machine_that_does_not_answer_any_more_is_fenced_by_its_successor()
    {
        await DeliverAsync();
        using var restarted = new IntakeClient(Host.Connect(Bundle));
        Sample.Instance = Enumerable.Repeat((byte)7, PossessionProof.InstanceLength).ToArray();
        await restarted.GreetAsync(Sample);
        Assert.Equal(IntakeResponse.ResponseOneofCase.Probe, (await Client.NextAsync()).ResponseCase);

        Assert.Equal(IntakeResponse.ResponseOneofCase.Welcome, (await restarted.NextAsync()).ResponseCase); // after the probe's limit
        Assert.Equal(StatusCode.Aborted, (await Client.EndAsync()).StatusCode);
    }

    [Fact]
    public async Task A_stream_that_ends_while_it_is_asked_leaves_the_chain_to_the_newcomer_at_once()
    {
        await DeliverAsync();
        using var restarted = new IntakeClient(Host.Connect(Bundle));
        Sample.Instance = Enumerable.Repeat((byte)7, PossessionProof.InstanceLength).ToArray();
        await restarted.GreetAsync(Sample);
        Assert.Equal(IntakeResponse.ResponseOneofCase.Probe, (await Client.NextAsync()).ResponseCase);
        await Client.Call.RequestStream.CompleteAsync();

        Assert.Equal(IntakeResponse.ResponseOneofCase.Welcome, (await restarted.NextAsync()).ResponseCase);
    }

    [Fact]
    public async Task A_wrong_answer_to_a_probe_counts_as_none()
    {
        await DeliverAsync();
        using var restarted = new IntakeClient(Host.Connect(Bundle));
        Sample.Instance = Enumerable.Repeat((byte)7, PossessionProof.InstanceLength).ToArray();
        await restarted.GreetAsync(Sample);
        IntakeResponse probe = await Client.NextAsync();
        await Client.Call.RequestStream.WriteAsync(
            new() { Alive = new() { Proof = IntakeClient.ProofOf(Sample, PossessionPurpose.Alive, new byte[32]) } },
            TestContext.Current.CancellationToken).Soon();

        Assert.Equal(IntakeResponse.ResponseOneofCase.Probe, probe.ResponseCase);
        Assert.Equal(IntakeResponse.ResponseOneofCase.Welcome, (await restarted.NextAsync()).ResponseCase);
    }

    [Fact]
    public async Task A_third_machine_has_to_wait_while_two_are_judged()
    {
        await DeliverAsync();
        using var second = new IntakeClient(Host.Connect(Bundle));
        using var third = new IntakeClient(Host.Connect(Bundle));
        Sample.Instance = Enumerable.Repeat((byte)7, PossessionProof.InstanceLength).ToArray();
        await second.GreetAsync(Sample);
        Assert.Equal(IntakeResponse.ResponseOneofCase.Probe, (await Client.NextAsync()).ResponseCase);
        Sample.Instance = Enumerable.Repeat((byte)8, PossessionProof.InstanceLength).ToArray();
        await third.GreetAsync(Sample);

        RpcException end = await third.EndAsync();
        Assert.Equal(StatusCode.Unavailable, end.StatusCode);
        Assert.Contains("another hello", end.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_the_authority_does_not_know_yet_is_proven_by_its_key_changes()
    {
        await DeliverAsync();
        Sample.ChangeKey();
        Sample.ChangeKey();
        using var client = new IntakeClient(Host.Connect(Bundle));
        await client.HelloAsync(Sample);
        await client.SendAsync(Sample.Entries[10..]);
        await client.AnswerForAsync(12, Bundle);

        using var without = new IntakeClient(Host.Connect(Bundle));
        Sample.ChangeKey();
        await without.GreetAsync(Sample, change: hello => hello.Proof.KeyChanges.Clear());
        Assert.Equal(StatusCode.PermissionDenied, (await without.EndAsync()).StatusCode);
    }

    private Task AnswerAsync(Probe probe) => Client.Call.RequestStream.WriteAsync(
        new() { Alive = new() { Proof = IntakeClient.ProofOf(Sample, PossessionPurpose.Alive, probe.Nonce.Span) } },
        TestContext.Current.CancellationToken).Soon();

    private async Task DeliverAsync()
    {
        await Client.SendAsync(Sample.Entries);
        await Client.AnswerForAsync(10, Bundle);
    }

    private async Task StillDeliversAsync()
    {
        Sample.Sell();
        await Client.SendAsync(Sample.Entries[10..]);
        await Client.AnswerForAsync(11, Bundle);
    }
}

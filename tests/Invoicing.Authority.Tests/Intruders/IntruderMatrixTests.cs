using Grpc.Core;
using Grpc.Net.Client;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Feed;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Protos.V1;
using Invoicing.Signing;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Intruders;

/// <summary>One intruder of each kind that speaks gRPC: refused with a reason, and the reason stands in the log. What abuses HTTP/2 stands beside.</summary>
public sealed class IntruderMatrixTests() : GreetedDeviceTests(invoices: 9)
{
    private bool _isDelivered;

    [Fact]
    public async Task Without_a_certificate() =>
        await RefusedAsync(Host.ConnectWithoutCertificate(), StatusCode.Unauthenticated, "expected a client certificate issued by this authority, found none");

    [Fact]
    public async Task With_another_authoritys_certificate()
    {
        await using AuthorityHost other = await AuthorityHost.StartAsync();
        ClientBundle foreign = await other.AddDeviceAsync();
        using GrpcChannel channel = BundleChannel.Open(Host.Server.Address, foreign with { AuthorityRoot = Bundle.AuthorityRoot });
        await RefusedAsync(channel, StatusCode.PermissionDenied, "expected a certificate issued by this authority");
    }

    [Fact]
    public async Task With_a_certificate_that_was_revoked()
    {
        ClientBundle stolen = await Host.AddDeviceAsync("shop-2");
        Host.Server.Registry.SetStanding("os:test", "shop-2", ClientStanding.Revoked, "stolen on Monday");
        await RefusedAsync(Host.Connect(stolen), StatusCode.PermissionDenied, "stolen on Monday");
    }

    [Fact]
    public async Task With_a_copied_certificate_and_another_key()
    {
        using var other = SoftwareSigner.Create();
        await EndedAsync(client => client.GreetAsync(Sample, signer: other), StatusCode.PermissionDenied, "expected the key in force of chain");
    }

    [Fact]
    public async Task With_another_devices_chain()
    {
        ClientBundle other = await Host.AddDeviceAsync("shop-2");
        await EndedAsync(client => client.GreetAsync(Sample), StatusCode.PermissionDenied, "belongs to device 'shop-1'", other);
    }

    [Fact]
    public async Task With_a_batch_that_was_sent_before() =>
        await EndedAsync(client => SendAsync(client, Sample.Entries[5..]), StatusCode.FailedPrecondition, "expected position 11, found 6");

    [Fact]
    public async Task With_a_bit_flipped_in_a_body()
    {
        SignedEntry entry = Sample.Sell();
        byte[] body = entry.Body.ToArray();
        body[^1] ^= 1;
        await EndedAsync(client => SendAsync(client, [entry with { Body = body }]), StatusCode.FailedPrecondition, "expected a signature of key");
    }

    [Fact]
    public async Task With_a_bit_flipped_in_a_hash()
    {
        SignedEntry first = Sample.Sell();
        SignedEntry second = Sample.Sell();
        byte[] body = second.Body.ToArray();
        body[body.AsSpan().IndexOf(first.Hash.ToArray())] ^= 1;
        await EndedAsync(client => SendAsync(client, [first, second with { Body = body }]), StatusCode.FailedPrecondition, "expected previous hash");
    }

    [Fact]
    public async Task With_a_bit_flipped_in_a_signature()
    {
        SignedEntry entry = Sample.Sell();
        byte[] signature = entry.Signature.ToArray();
        signature[40] ^= 1;
        await EndedAsync(client => SendAsync(client, [entry with { Signature = new(signature) }]), StatusCode.FailedPrecondition, "expected a signature of key");
    }

    [Fact]
    public async Task With_a_key_change_smuggled_into_a_batch()
    {
        SignedEntry sale = Sample.Sell();
        SignedEntry change = Sample.ChangeKey(withProof: false);
        SignedEntry after = Sample.Sell();
        await EndedAsync(client => SendAsync(client, [sale, change, after]), StatusCode.FailedPrecondition, "expected the new key's proof of possession");
    }

    [Fact]
    public async Task With_a_chain_that_was_rewound()
    {
        await DeliverAsync();
        Sample.Rewind(3);
        await EndedAsync(client => client.GreetAsync(Sample), StatusCode.FailedPrecondition, "the journal is an older copy", isGreeted: false);
    }

    private static Task SendAsync(IntakeClient client, IReadOnlyList<SignedEntry> entries) => client.SendAsync(entries);

    private async Task RefusedAsync(GrpcChannel channel, StatusCode code, string reason)
    {
        var client = new IntakeService.IntakeServiceClient(channel);
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => client.GetRegisterHistoryAsync(
            new() { Register = "SIM-0001", Epoch = 1 }, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync.Soon());
        Assert.Equal(code, refusal.StatusCode);
        Assert.Contains(reason, refusal.Status.Detail, StringComparison.Ordinal);
        Assert.Contains(Host.Log.All, line => line.StartsWith("3003 ", StringComparison.Ordinal) && line.Contains(reason, StringComparison.Ordinal));
    }

    /// <summary>On a stream of its own, behind what the device delivered before.</summary>
    private async Task EndedAsync(
        Func<IntakeClient, Task> act, StatusCode code, string reason, ClientBundle? bundle = null, bool isGreeted = true)
    {
        using var client = new IntakeClient(Host.Connect(bundle ?? Bundle));
        await DeliverAsync();
        if (isGreeted && code == StatusCode.FailedPrecondition)
        {
            await client.HelloAsync(Sample);
        }

        await act(client);
        RpcException end = await client.EndAsync();
        Assert.Equal(code, end.StatusCode);
        Assert.Contains(reason, end.Status.Detail, StringComparison.Ordinal);
        await Waiting.Until(
            () => Host.Log.All.Any(line => line.StartsWith("3000 ", StringComparison.Ordinal) && line.Contains(reason, StringComparison.Ordinal)), "logged");
    }

    private async Task DeliverAsync()
    {
        if (!_isDelivered)
        {
            _isDelivered = true;
            await Client.SendAsync(Sample.Entries.Take(10));
            await Client.AnswerForAsync(10, Bundle);
        }
    }

}

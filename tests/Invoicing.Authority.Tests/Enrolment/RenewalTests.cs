using Grpc.Core;
using Grpc.Net.Client;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Protos.V1;
using Invoicing.Signing;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Enrolment;

/// <summary>A till gets another certificate: by its old one and by the key of its chain.</summary>
public sealed class RenewalTests : IAsyncLifetime
{
    private readonly ManualTime _time = new(TimeProvider.System.GetUtcNow());
    private readonly OpenTill _till = new();
    private AuthorityHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await AuthorityHost.StartAsync(time: _time);
        await _till.EnrolAsync(_host, _host.Invite().Code);
    }

    public async ValueTask DisposeAsync()
    {
        _till.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task An_ended_certificate_opens_the_renewal_and_nothing_else()
    {
        _time.StepWallClock(TimeSpan.FromDays(91));
        using SampleChain chain = new SampleChain(_till.Grant, signer: _till.Signer).With(invoices: 1);
        GrpcChannel old = _host.Connect(_till.Bundle);
        using (var refused = new IntakeClient(old))
        {
            RpcException end = await refused.EndAsync();
            Assert.Equal(StatusCode.PermissionDenied, end.StatusCode);
            Assert.Contains("renew it, to which it is good until", end.Status.Detail, StringComparison.Ordinal);
        }

        _till.MakeAnotherKey();
        await _till.RenewAsync(old, _till.ToRenew(chain.Id));

        using var client = new IntakeClient(_host.Connect(_till.Bundle));
        await client.HelloAsync(chain);
    }

    [Fact]
    public async Task Four_hundred_days_behind_its_end_a_certificate_opens_nothing_any_more()
    {
        GrpcChannel old = _host.Connect(_till.Bundle);
        _time.StepWallClock(TimeSpan.FromDays(90 + 400) - TimeSpan.FromMinutes(1));
        _till.MakeAnotherKey();
        RenewRequest request = _till.ToRenew(ChainId.Create());
        await _till.RenewAsync(old, request);

        _time.StepWallClock(TimeSpan.FromMinutes(2));
        Status refusal = await OpenTill.RefusalAsync(_till.RenewAsync(old, request));
        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
        Assert.Contains("enrol the device anew", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_request_gives_the_same_certificate_and_the_two_newest_are_let_in()
    {
        var chain = ChainId.Create();
        ClientBundle first = _till.Bundle;
        GrpcChannel one = _host.Connect(first);
        _till.MakeAnotherKey();
        RenewRequest request = _till.ToRenew(chain);
        RenewResponse second = await _till.RenewAsync(one, request);
        Assert.Equal(second.Certificates, (await _till.RenewAsync(one, request)).Certificates); // the answer was lost: the old one asks again
        Assert.NotEqual(first.Certificate, _till.Bundle.Certificate);

        GrpcChannel two = _host.Connect(_till.Bundle);
        _till.MakeAnotherKey();
        await _till.RenewAsync(two, _till.ToRenew(chain));
        Status refusal = await OpenTill.RefusalAsync(HistoryAsync(one));
        Assert.Contains("expected one of the two newest", refusal.Detail, StringComparison.Ordinal);
        Assert.Contains("expected one of the two newest", (await OpenTill.RefusalAsync(_till.RenewAsync(one, request))).Detail, StringComparison.Ordinal);
        await HistoryAsync(two);
        await HistoryAsync(_host.Connect(_till.Bundle));
    }

    [Fact]
    public async Task The_key_in_force_of_the_chain_proves_a_renewal_and_no_other()
    {
        using SampleChain chain = new SampleChain(_till.Grant, signer: _till.Signer).With(invoices: 1);
        GrpcChannel channel = _host.Connect(_till.Bundle);
        using (var client = new IntakeClient(channel))
        {
            await client.HelloAsync(chain);
            await client.SendAsync(chain.Entries);
            await client.AnswerForAsync(2, _till.Bundle);
        }

        using var stranger = SoftwareSigner.Create();
        _till.MakeAnotherKey();
        Status refusal = await OpenTill.RefusalAsync(_till.RenewAsync(channel, _till.ToRenew(chain.Id, by: stranger)));
        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
        Assert.Contains("proof: expected the key in force of chain", refusal.Detail, StringComparison.Ordinal);

        RenewRequest replayed = _till.ToRenew(chain.Id);
        _till.MakeAnotherKey();
        replayed.Request = Google.Protobuf.ByteString.CopyFrom(_till.Request); // a proof for one request serves no other
        Assert.Contains("proof: expected a proof", (await OpenTill.RefusalAsync(_till.RenewAsync(channel, replayed))).Detail, StringComparison.Ordinal);

        // The key was changed while the authority was away: the change itself is brought along.
        SignedEntry change = chain.ChangeKey();
        Assert.Contains("key in force", (await OpenTill.RefusalAsync(_till.RenewAsync(channel, _till.ToRenew(chain.Id, by: chain.Signer)))).Detail, StringComparison.Ordinal);
        await _till.RenewAsync(channel, _till.ToRenew(chain.Id, by: chain.Signer, change));
    }

    [Fact]
    public async Task A_chain_of_another_device_proves_nothing()
    {
        using var other = new OpenTill();
        await other.EnrolAsync(_host, _host.Invite("shop-2").Code);
        using SampleChain foreign = new SampleChain(other.Grant, signer: other.Signer).With(invoices: 1);
        using (var client = new IntakeClient(_host.Connect(other.Bundle)))
        {
            await client.HelloAsync(foreign);
            await client.SendAsync(foreign.Entries);
            await client.AnswerForAsync(2, other.Bundle);
        }

        Status refusal = await OpenTill.RefusalAsync(_till.RenewAsync(_host.Connect(_till.Bundle), _till.ToRenew(foreign.Id, by: other.Signer)));
        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
        Assert.Contains("chain: expected that of device 'shop-1'", refusal.Detail, StringComparison.Ordinal);
        Assert.Contains(
            "which was started on this device's enrolment",
            (await OpenTill.RefusalAsync(other.RenewAsync(_host.Connect(other.Bundle), other.ToRenew(ChainId.Create())))).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suspended_device_may_renew_and_not_deliver_and_a_revoked_one_may_neither()
    {
        GrpcChannel channel = _host.Connect(_till.Bundle);
        _host.Server.Registry.SetStanding("os:test", "shop-1", ClientStanding.Suspended, "unpaid");
        Assert.Contains("device 'shop-1' is suspended since", (await OpenTill.RefusalAsync(HistoryAsync(channel))).Detail, StringComparison.Ordinal);
        _till.MakeAnotherKey();
        await _till.RenewAsync(channel, _till.ToRenew(ChainId.Create()));

        _host.Server.Registry.SetStanding("os:test", "shop-1", ClientStanding.Revoked, "stolen");
        Assert.Contains("was revoked at", (await OpenTill.RefusalAsync(HistoryAsync(channel))).Detail, StringComparison.Ordinal);
        _till.MakeAnotherKey();
        Status refusal = await OpenTill.RefusalAsync(_till.RenewAsync(channel, _till.ToRenew(ChainId.Create())));
        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
        Assert.Contains("stolen", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_of_a_bundle_renews_once_its_chain_is_known_and_is_told_so_before()
    {
        ClientBundle bundle = await _host.AddDeviceAsync("shop-2");
        GrpcChannel channel = _host.Connect(bundle);
        using SampleChain chain = new SampleChain(EnrolmentGrant.Read(bundle.Enrolment)).With(invoices: 1);
        using var device = new OpenTill();
        Status refusal = await OpenTill.RefusalAsync(device.RenewAsync(channel, device.ToRenew(chain.Id, by: chain.Signer)));
        Assert.Contains("was enrolled by a bundle", refusal.Detail, StringComparison.Ordinal);

        using var client = new IntakeClient(channel);
        await client.HelloAsync(chain);
        await client.SendAsync(chain.Entries);
        await client.AnswerForAsync(2, bundle);
        RenewResponse response = await new EnrolmentService.EnrolmentServiceClient(channel).RenewAsync(
            device.ToRenew(chain.Id, by: chain.Signer), cancellationToken: TestContext.Current.CancellationToken).ResponseAsync.Soon();
        Assert.Equal(2, response.Certificates.Issuers.Count);
    }

    [Fact]
    public async Task Renewals_are_counted_by_device_and_without_a_certificate_there_are_none()
    {
        GrpcChannel channel = _host.Connect(_till.Bundle);
        for (int i = 0; i < EnrolmentLimits.BurstOfDevice; i++)
        {
            await _till.RenewAsync(channel, _till.ToRenew(ChainId.Create())); // of the enrolment's request: its certificate again
        }

        Assert.Equal(StatusCode.ResourceExhausted, (await OpenTill.RefusalAsync(_till.RenewAsync(channel, _till.ToRenew(ChainId.Create())))).StatusCode);
        Assert.Equal(
            StatusCode.Unauthenticated,
            (await OpenTill.RefusalAsync(_till.RenewAsync(_host.ConnectWithoutCertificate(), _till.ToRenew(ChainId.Create())))).StatusCode);
    }

    private static Task<RegisterHistoryResponse> HistoryAsync(GrpcChannel channel) => new IntakeService.IntakeServiceClient(channel)
        .GetRegisterHistoryAsync(new() { Register = "SIM-0001" }, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync.Soon();
}

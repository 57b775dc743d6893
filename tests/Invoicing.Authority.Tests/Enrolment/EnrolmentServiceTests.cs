using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Enrolment;
using Invoicing.Protos.V1;
using Invoicing.Signing;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Enrolment;

/// <summary>A till is let in by its activation code.</summary>
public sealed class EnrolmentServiceTests
{
    [Fact]
    public async Task One_exchange_gives_certificate_ranges_and_anchors_and_the_till_delivers_with_them()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        (ActivationCode code, _) = host.Invite();
        using var till = new OpenTill();

        EnrolResponse response = await till.EnrolAsync(host, code);

        Assert.True(code.Names(response.Certificates.Issuers[^1].Span));
        Assert.Equal(till.Signer.PublicKey.ToArray(), till.Grant.SigningKey.ToArray());
        Assert.Equal((0, 999), (till.Grant.Codes[0].First, till.Grant.Codes[0].Last));
        Assert.Null(till.Grant.Predecessor);
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(response.Certificates.Certificate.Span);
        Assert.Equal(91, (certificate.NotAfter - certificate.NotBefore).TotalDays, tolerance: 0.01); // 90, and one before
        using SampleChain chain = new SampleChain(till.Grant, signer: till.Signer).With(invoices: 2);
        using var client = new IntakeClient(host.Connect(till.Bundle));
        await client.HelloAsync(chain);
        await client.SendAsync(chain.Entries);
        await client.AnswerForAsync(3, till.Bundle);
    }

    [Fact]
    public async Task A_chain_whose_key_the_enrolment_named_goes_on_after_the_authority_was_restarted()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        (ActivationCode code, _) = host.Invite();
        using var till = new OpenTill();
        await till.EnrolAsync(host, code);
        using SampleChain chain = new SampleChain(till.Grant, signer: till.Signer).With(invoices: 2);
        using (var client = new IntakeClient(host.Connect(till.Bundle)))
        {
            await client.HelloAsync(chain);
            await client.SendAsync(chain.Entries);
            await client.AnswerForAsync(3, till.Bundle);
        }

        await host.StopServerAsync();
        await host.StartServerAsync();
        chain.Sell();
        using var again = new IntakeClient(host.Connect(till.Bundle));
        await again.HelloAsync(chain);
        await again.SendAsync(chain.Entries[3..]);
        await again.AnswerForAsync(4, till.Bundle);
    }

    [Fact]
    public async Task The_same_request_again_gives_the_same_answer_again_and_another_is_told_of_the_first()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        (ActivationCode code, _) = host.Invite();
        using var till = new OpenTill();
        EnrolResponse first = await till.EnrolAsync(host, code);

        EnrolResponse again = await till.EnrolAsync(host, code);
        Assert.Equal(first.Certificates, again.Certificates);
        Assert.Equal(first.Enrolment, again.Enrolment);

        using var thief = new OpenTill();
        Status refusal = await OpenTill.RefusalAsync(thief.EnrolAsync(host, code));
        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
        Assert.Contains("was used at", refusal.Detail, StringComparison.Ordinal);
        Assert.Contains("by another request, for device 'shop-1'", refusal.Detail, StringComparison.Ordinal);

        // The same request with another signing key is another request.
        till.Signer = SoftwareSigner.Create();
        Assert.Contains("by another request", (await OpenTill.RefusalAsync(till.EnrolAsync(host, code))).Detail, StringComparison.Ordinal);
        Assert.Single(host.Server.Registry.Query(q => q.List(ClientRole.Device)));
    }

    [Fact]
    public async Task Codes_that_are_unknown_withdrawn_or_too_old_are_told_apart()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using AuthorityHost host = await AuthorityHost.StartAsync(time: time);
        using var till = new OpenTill();
        (ActivationCode old, Invitation invitation) = host.Invite("shop-1");
        (ActivationCode withdrawn, _) = host.Invite("shop-2");
        host.Server.Registry.Withdraw("os:test", "shop-2");

        Status refusal = await OpenTill.RefusalAsync(till.EnrolAsync(host, ActivationCode.Create([1, 2, 3])));
        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
        Assert.Contains("never made", refusal.Detail, StringComparison.Ordinal);
        Assert.Contains("was withdrawn at", (await OpenTill.RefusalAsync(till.EnrolAsync(host, withdrawn))).Detail, StringComparison.Ordinal);
        time.StepWallClock(TimeSpan.FromDays(7));
        refusal = await OpenTill.RefusalAsync(till.EnrolAsync(host, old));
        Assert.Contains($"expected an activation code to be used before {invitation.ExpiresAt:u}", refusal.Detail, StringComparison.Ordinal);
        time.StepWallClock(TimeSpan.FromSeconds(-1));
        await till.EnrolAsync(host, old);
    }

    [Fact]
    public async Task Requests_that_are_none_are_refused_with_what_was_expected()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        (ActivationCode code, _) = host.Invite();
        using var till = new OpenTill();
        using var rsa = RSA.Create(2048);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        byte[] good = till.Request;
        byte[] forged = [.. good];
        forged[^1] ^= 1;
        (byte[] Request, string Expected)[] bad =
        [
            ([], "expected 1 to 4096 bytes, found 0"),
            (new byte[4097], "expected 1 to 4096 bytes, found 4097"),
            ([1, 2, 3], "expected a certificate request"),
            ([.. good, 0], "expected a certificate request"),
            (forged, "expected a certificate request"),
            (new CertificateRequest("CN=x", p384, HashAlgorithmName.SHA256).CreateSigningRequest(), "expected a key on P-256, found curve"),
            (new CertificateRequest("CN=x", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest(), "expected a"),
        ];
        foreach ((byte[] request, string expected) in bad)
        {
            till.Request = request;
            Status refusal = await OpenTill.RefusalAsync(till.EnrolAsync(host, code));
            Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
            Assert.Contains(expected, refusal.Detail, StringComparison.Ordinal);
        }

        till.Request = good;
        EnrolRequest other = till.ToEnrol(code);
        using var second = new OpenTill();
        other.SigningKey = second.ToEnrol(code).SigningKey;
        Status unproven = await OpenTill.RefusalAsync(till.EnrolAsync(host.ConnectWithoutCertificate(), other));
        Assert.Equal(StatusCode.PermissionDenied, unproven.StatusCode);
        Assert.Contains("signing_key: expected a proof", unproven.Detail, StringComparison.Ordinal);

        foreach (Action<EnrolRequest> spoil in (Action<EnrolRequest>[])
        [
            r => r.SigningKey = null, r => r.Secret = ByteString.CopyFrom(new byte[9]), r => r.Software = new string('x', 101), r => r.Software = "x\ny",
            r => r.SigningKey.Signature = ByteString.CopyFrom(new byte[63]), r => r.SigningKey.KeyChanges.Add(new KeyChangeEntry { Signature = ByteString.CopyFrom(new byte[64]) }),
        ])
        {
            EnrolRequest spoilt = till.ToEnrol(code);
            spoil(spoilt);
            Assert.Equal(StatusCode.InvalidArgument, (await OpenTill.RefusalAsync(till.EnrolAsync(host.ConnectWithoutCertificate(), spoilt))).StatusCode);
        }

        await till.EnrolAsync(host, code); // nothing of this used the code up
    }

    [Fact]
    public async Task A_successor_names_where_the_ledger_lost_its_predecessor_and_the_predecessor_is_out()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        ClientBundle old = await host.AddDeviceAsync();
        using SampleChain chain = new SampleChain(EnrolmentGrant.Read(old.Enrolment)).With(invoices: 4);
        using var client = new IntakeClient(host.Connect(old));
        await client.HelloAsync(chain);
        await client.SendAsync(chain.Entries);
        await client.AnswerForAsync(5, old);
        (ActivationCode code, _) = host.Invite("shop-1", succeeds: "shop-1");
        using var till = new OpenTill();

        await till.EnrolAsync(host, code);

        Assert.Equal(new ChainLink(chain.Id, 5, chain.Head.Hash), till.Grant.Predecessor);
        RpcException end = await client.EndAsync();
        Assert.Equal(StatusCode.PermissionDenied, end.StatusCode);
        Assert.Contains("succeeded by device 'shop-1'", end.Status.Detail, StringComparison.Ordinal);
        IReadOnlyList<RegisteredClient> both = host.Server.Registry.Query(q => q.Named(ClientRole.Device, "shop-1"));
        Assert.Equal([ClientStanding.Active, ClientStanding.Retired], both.Select(d => d.Standing));
        Assert.Empty(both.SelectMany(d => d.Grant!.Codes).Where((c, i) => i > 0 && c.Overlaps(till.Grant.Codes[0])));
    }

    [Fact]
    public async Task Tries_are_counted_and_too_many_are_told_to_wait()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using AuthorityHost host = await AuthorityHost.StartAsync(time: time);
        (ActivationCode code, _) = host.Invite();
        using var till = new OpenTill();
        for (int i = 0; i < EnrolmentLimits.BurstOfAddress; i++)
        {
            Assert.Equal(StatusCode.PermissionDenied, (await OpenTill.RefusalAsync(till.EnrolAsync(host, ActivationCode.Create([1])))).StatusCode);
        }

        Assert.Equal(StatusCode.ResourceExhausted, (await OpenTill.RefusalAsync(till.EnrolAsync(host, code))).StatusCode);
        time.Advance(TimeSpan.FromSeconds(3));
        await till.EnrolAsync(host, code);
    }

    [Fact]
    public void Buckets_are_bounded_and_an_address_of_version_6_counts_by_its_network()
    {
        var time = new ManualTime();
        var budget = new TryBudget(burst: 2, TimeSpan.FromSeconds(1), time);
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => budget.TryTake("a")));
        Assert.True(budget.TryTake("b"));
        for (int i = 0; i < TryBudget.MaxKeys - 2; i++)
        {
            Assert.True(budget.TryTake($"k{i}"));
        }

        Assert.False(budget.TryTake("one too many"));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(budget.TryTake("one too many"));

        Assert.Equal(EnrolmentLimits.KeyOf(System.Net.IPAddress.Parse("2001:db8::1")), EnrolmentLimits.KeyOf(System.Net.IPAddress.Parse("2001:db8::2")));
        Assert.NotEqual(EnrolmentLimits.KeyOf(System.Net.IPAddress.Parse("2001:db8:0:1::1")), EnrolmentLimits.KeyOf(System.Net.IPAddress.Parse("2001:db8::1")));
        Assert.Equal("10.0.0.1", EnrolmentLimits.KeyOf(System.Net.IPAddress.Parse("::ffff:10.0.0.1")));
    }
}

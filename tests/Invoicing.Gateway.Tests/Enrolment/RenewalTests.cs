using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Invoicing.Gateway.Enrolment;
using Invoicing.Gateway.Keys;
using Invoicing.Gateway.Recording;
using Invoicing.Gateway.Tests.Uplink;
using Invoicing.Gateway.Uplink;
using Invoicing.Hashing;
using Invoicing.Signing;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Enrolment;

/// <summary>A certificate that nears its end, or is past it, is renewed without a hand; what fails is told, and recording goes on.</summary>
public sealed class RenewalTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 9, 1, 8, 0, 0, TimeSpan.Zero);
    private readonly TestShop _shop = new();
    private readonly ManualTime _time = new(Start);
    private readonly EnrolmentScript _script;
    private ScriptedAuthority? _authority;

    public RenewalTests() => _script = new(_shop, _time);

    private string Identity => Path.Combine(_shop.Folder, "device");

    [Fact]
    public void A_third_before_the_end_and_not_all_on_one_day()
    {
        DateTimeOffset end = Start.AddDays(90);
        Assert.Equal(Start.AddDays(60), RenewalSchedule.Due(Start, end, 0));
        Assert.Equal(Start.AddDays(61.5), RenewalSchedule.Due(Start, end, 0.5));
        Assert.Equal(CertificateState.Good, RenewalSchedule.StateOf(end, end.AddDays(-7)));
        Assert.Equal(CertificateState.EndsSoon, RenewalSchedule.StateOf(end, end.AddDays(-6.9)));
        Assert.Equal(CertificateState.EndsSoon, RenewalSchedule.StateOf(end, end));
        Assert.Equal(CertificateState.Ended, RenewalSchedule.StateOf(end, end.AddSeconds(1)));
    }

    [Fact]
    public async Task In_time_it_is_renewed_in_mid_flow_and_the_stream_comes_back_with_the_new_one()
    {
        _script.Life = TimeSpan.FromDays(9);
        await using InvoicingGateway gateway = await EnrolledAsync();
        await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        await Delivering.Delivered(gateway);
        string before = await File.ReadAllTextAsync(Path.Combine(Identity, "identity.json"));
        Sha256Hash first = _script.Callers.Last();

        _time.Advance(TimeSpan.FromDays(5));
        Assert.Empty(_script.Renewals);
        await LinkTime.UntilAsync(_time, () => _authority!.Streams >= 2 && gateway.Status.Sending.State == SendingState.Streaming, "streaming again");

        await gateway.IssueAsync(TestShop.Sale(2)).Soon();
        await Delivering.Delivered(gateway);
        Assert.Single(_script.Renewals);
        Assert.NotEqual(first, _script.Callers.Last());
        Assert.True(gateway.Status.Identity!.CertificateEnds > Start.AddDays(14));
        Assert.Null(gateway.Status.Identity.Trouble);
        Assert.NotEqual(before, await File.ReadAllTextAsync(Path.Combine(Identity, "identity.json")));
        Assert.False(File.Exists(Path.Combine(Identity, "pending.json")));
    }

    [Fact]
    public async Task Weeks_after_its_end_it_is_renewed_first_and_then_all_is_sent()
    {
        await (await EnrolledAsync()).DisposeAsync();
        int streams = _authority!.Streams;
        _time.Advance(TimeSpan.FromDays(120));

        await using InvoicingGateway gateway = await OpenAsync();
        await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        await Delivering.Delivered(gateway);

        Assert.Single(_script.Renewals);
        Assert.True(_authority.Streams > streams);
        Assert.Equal(CertificateState.Good, gateway.Status.Identity!.State);
        Assert.Equal(gateway.Status.Chain.ToArray(), _script.Renewals.Single().Chain.ToByteArray());
    }

    [Fact]
    public async Task A_refused_renewal_is_told_and_recording_goes_on()
    {
        await (await EnrolledAsync()).DisposeAsync();
        _time.Advance(TimeSpan.FromDays(120));
        _script.Refusal = new(StatusCode.PermissionDenied, "shop-7 was revoked on 2026-12-01");

        await using InvoicingGateway gateway = await OpenAsync();
        await Waiting.Until(() => gateway.Status.Sending.State == SendingState.BackingOff, "backing off");

        Assert.Contains("the device's certificate has ended and could not be renewed yet: the authority refuses: shop-7 was revoked", gateway.Status.Sending.Reason, StringComparison.Ordinal);
        Assert.Equal("the authority refuses: shop-7 was revoked on 2026-12-01", gateway.Status.Identity!.Trouble);
        Assert.Equal(CertificateState.Ended, gateway.Status.Identity.State);
        await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        Assert.Equal(RecordingState.On, gateway.Status.Recording.State);

        _script.Refusal = null;
        await LinkTime.UntilAsync(_time, () => gateway.Status.Lag == 0, "sent");
        Assert.Single(_script.Renewals.Select(renewal => renewal.Request).Distinct());
        Assert.Null(gateway.Status.Identity.Trouble);
    }

    [Fact]
    public async Task A_failure_in_time_leaves_the_stream_as_it_is_and_is_tried_again()
    {
        _script.Life = TimeSpan.FromDays(3);
        await using InvoicingGateway gateway = await EnrolledAsync();
        await Waiting.Until(() => gateway.Status.Sending.State == SendingState.Streaming, "streaming");
        _script.LostAnswers = 2;

        await LinkTime.UntilAsync(_time, () => _script.Renewals.Count >= 2, "tried");
        Assert.Contains("the line broke", gateway.Status.Identity!.Trouble, StringComparison.Ordinal);
        Assert.Equal(1, _authority!.Streams);
        await LinkTime.UntilAsync(_time, () => gateway.Status.Identity!.Trouble is null, "renewed");

        Assert.Equal(3, _script.Renewals.Count);
        Assert.Equal(2, _script.Issued); // the first at the enrolment: the same request got the same certificate
    }

    [Fact]
    public async Task The_chains_key_proves_it_and_a_copied_certificate_alone_does_not()
    {
        await (await EnrolledAsync()).DisposeAsync();
        _time.Advance(TimeSpan.FromDays(70));
        using var thief = SoftwareSigner.Create();
        using var folder = IdentityFolder.Open(Identity);

        EnrolmentFailedException fault = await Assert.ThrowsAsync<EnrolmentFailedException>(
            () => CertificateRenewal.RunAsync(folder, Request(folder.Read()!, thief), new(_time), default).Soon());

        Assert.Equal(EnrolmentFailure.Refused, fault.Failure);
        Assert.Contains("expected the key in force of chain", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root", "expected the trusted root as the last certificate")]
    [InlineData("key", "expected a certificate of the key in the request")]
    public async Task An_answer_that_is_not_what_was_asked_for_changes_nothing_and_makes_another_request(string lie, string text)
    {
        await (await EnrolledAsync()).DisposeAsync();
        using TestAuthorityCertificates other = new("Another root");
        using var folder = IdentityFolder.Open(Identity);
        using SoftwareSigner signer = SigningKeyFile.Read(_shop.JournalPath + ".key")!;
        DeviceIdentity before = folder.Read()!;
        _script.BendRenewal = answer =>
        {
            if (lie == "root")
            {
                answer.Certificates.Issuers[^1] = ByteString.CopyFrom(other.Root.RawData);
            }
            else
            {
                answer.Certificates.Certificate = ByteString.CopyFrom(before.Certificates[0].Span);
            }
        };

        EnrolmentFailedException fault = await Assert.ThrowsAsync<EnrolmentFailedException>(
            () => CertificateRenewal.RunAsync(folder, Request(before, signer), new(_time), default).Soon());

        Assert.Contains(text, fault.Message, StringComparison.Ordinal);
        Assert.Equal(before.Certificates[0].ToArray(), folder.Read()!.Certificates[0].ToArray());
        _script.BendRenewal = null;
        await CertificateRenewal.RunAsync(folder, Request(before, signer), new(_time), default).Soon();
        Assert.Equal(2, _script.Renewals.Select(renewal => renewal.Request).Distinct().Count());
    }

    [Fact]
    public async Task A_crash_at_any_step_leaves_the_old_identity_or_the_new_one_whole()
    {
        await (await EnrolledAsync()).DisposeAsync();
        using SoftwareSigner signer = SigningKeyFile.Read(_shop.JournalPath + ".key")!;
        List<string> steps = await StepsAsync(signer);
        Assert.Equal(12, steps.Count); // five for the request, five for the identity, two to forget the request
        for (int dying = 0; dying < steps.Count; dying++)
        {
            int left = dying;
            DeviceIdentity before;
            using (var folder = IdentityFolder.Open(Identity, step => { if (left-- == 0) { throw new CrashedException(step); } }))
            {
                before = folder.Read()!;
                await Assert.ThrowsAsync<CrashedException>(() => CertificateRenewal.RunAsync(folder, Request(before, signer), new(_time), default).Soon());
            }

            int issued = _script.Issued;
            using (var folder = IdentityFolder.Open(Identity))
            {
                DeviceIdentity found = folder.Read()!;
                AssertWhole(found);
                bool isRenewed = !found.Certificates[0].Span.SequenceEqual(before.Certificates[0].Span);
                Assert.Equal(dying >= Array.FindIndex([.. steps], step => step.StartsWith("flush folder", StringComparison.Ordinal) && step.EndsWith("identity.json", StringComparison.Ordinal)), isRenewed);

                DeviceIdentity after = await CertificateRenewal.RunAsync(folder, Request(found, signer), new(_time), default).Soon();
                AssertWhole(after);
                Assert.NotEqual(found.Certificates[0].ToArray(), after.Certificates[0].ToArray()); // a key that was certified already is no renewal
                Assert.Null(folder.ReadPending());
                Assert.True(_script.Issued - issued <= 1, steps[dying]);
            }
        }
    }

    [Fact]
    public async Task A_bundle_that_became_an_identity_renews_itself_too()
    {
        using EnrolmentScript script = new(_shop, _time, TimeSpan.FromDays(30));
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(_shop, enrolment: script);
        var pending = PendingCertificate.Create(default);
        byte[] certificate = script.Certificates.Client("device-1", pending.Request.Span, Start.AddDays(-90), Start.AddDays(-1));
        using (var folder = IdentityFolder.Open(Identity))
        {
            folder.Write(new DeviceIdentity(
                "device-1", [certificate, script.Certificates.Issuing.RawData, script.Certificates.Root.RawData], pending.PrivateKey, _shop.Enrolment.Bytes, default));
        }

        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(Options(authority)).Soon();
        Assert.True(await Waits(() => script.Renewals.Count == 1));
        Assert.Equal(Sha256Hash.Of(certificate), script.Callers.First());
    }

    public async ValueTask DisposeAsync()
    {
        if (_authority is not null)
        {
            await _authority.DisposeAsync();
        }

        _script.Dispose();
        _shop.Dispose();
    }

    private static void AssertWhole(DeviceIdentity identity)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(identity.Certificates[0].Span);
        Assert.Equal(new PendingCertificate(identity.PrivateKey, default, default).PublicKey(), certificate.PublicKey.ExportSubjectPublicKeyInfo());
    }

    private static async Task<bool> Waits(Func<bool> holds)
    {
        await Waiting.Until(holds, "done");
        return true;
    }

    private async Task<List<string>> StepsAsync(SoftwareSigner signer)
    {
        List<string> steps = [];
        using var folder = IdentityFolder.Open(Identity, steps.Add);
        await CertificateRenewal.RunAsync(folder, Request(folder.Read()!, signer), new(_time), default).Soon();
        return steps;
    }

    private RenewalRequest Request(DeviceIdentity identity, SoftwareSigner signer) =>
        new(_authority!.Address, identity, signer, Chain.ChainId.Create(), [], "tests");

    private async Task<InvoicingGateway> EnrolledAsync()
    {
        _authority = await ScriptedAuthority.StartAsync(_shop, enrolment: _script);
        await DeviceEnrolment.EnrolAsync(new()
        {
            Authority = _authority.Address,
            Code = _script.NewCode(),
            IdentityPath = Identity,
            JournalPath = _shop.JournalPath,
            Time = _time,
        }).Soon();
        return await OpenAsync();
    }

    private Task<InvoicingGateway> OpenAsync() => InvoicingGateway.OpenAsync(Options(_authority!)).Soon();

    private GatewayOptions Options(ScriptedAuthority authority) => new GatewayOptions
    {
        JournalPath = _shop.JournalPath,
        IdentityPath = Identity,
        Authority = authority.Address,
        EveryRegisterIsNew = true,
        Time = _time,
        DrainTimeout = TimeSpan.Zero,
    }.Paused();
}

using Google.Protobuf;
using Grpc.Core;
using Invoicing.Enrolment;
using Invoicing.Gateway.Enrolment;
using Invoicing.Gateway.Tests.Uplink;
using Invoicing.Hashing;
using Invoicing.Signing;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Enrolment;

/// <summary>A device that is enrolled: it trusts the authority that the code names and no other, and comes through any interruption.</summary>
public sealed class EnrolTests : IDisposable
{
    private readonly TestShop _shop = new();
    private readonly ManualTime _time = new(new(2026, 9, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly EnrolmentScript _script;
    private readonly ActivationCode _code;

    public EnrolTests()
    {
        _script = new(_shop, _time);
        _code = _script.NewCode();
    }

    private string Identity => Path.Combine(_shop.Folder, "device");

    [Fact]
    public async Task A_code_gives_an_identity_that_records_and_delivers()
    {
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(_shop, enrolment: _script);

        EnrolledDevice enrolled = await DeviceEnrolment.EnrolAsync(Options(authority)).Soon();

        Assert.Equal("shop-7", enrolled.Enrolment.Device);
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromDays(90), enrolled.CertificateEnds);
        Assert.Equal(TimeSpan.Zero, enrolled.ClockDifference);
        Assert.False(enrolled.WasEnrolled);
        Assert.Equal(_code.Secret, Assert.Single(_script.Secrets));

        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(Gateway(authority)).Soon();
        await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        await Delivering.Delivered(gateway);
        Assert.Equal("shop-7", gateway.Status.Device);
        Assert.Equal(CertificateState.Good, gateway.Status.Identity!.State);
        Assert.Equal(enrolled.Enrolment.CertificateHash, _script.Callers.First());
    }

    [Fact]
    public async Task Only_the_owner_reads_the_identity_and_nothing_is_left_over()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("modes are POSIX");
            return;
        }

        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(_shop, enrolment: _script);
        await DeviceEnrolment.EnrolAsync(Options(authority)).Soon();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Identity, "identity.json")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Identity));
        Assert.Equal(["identity.json", "identity.lock", "identity.pid"], Directory.GetFiles(Identity).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(_code.Reveal(), await File.ReadAllTextAsync(Path.Combine(Identity, "identity.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_tells_another_root_never_sees_the_secret()
    {
        using var impostor = new EnrolmentScript(_shop, _time);
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(_shop, enrolment: impostor);

        InvoicingException fault = await RefusedAsync(authority);

        Assert.Contains("is not trusted: expected the authority whose root the activation code names, found another root", fault.Message, StringComparison.Ordinal);
        Assert.Empty(impostor.Secrets);
        Assert.Empty(impostor.Enrolments);
    }

    [Fact]
    public async Task A_server_that_tells_the_true_root_and_does_not_lead_to_it_never_sees_the_secret()
    {
        using var impostor = new EnrolmentScript(_shop, _time) { ToldRoot = _script.Certificates.Root.RawData };
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(_shop, enrolment: impostor);

        InvoicingException fault = await RefusedAsync(authority);

        Assert.Contains("does not lead to the authority's root that this device trusts", fault.Message, StringComparison.Ordinal);
        Assert.Empty(impostor.Secrets);
    }

    [Fact]
    public async Task A_server_of_another_name_is_refused_before_anything_is_asked()
    {
        _script.Server = _script.Certificates.Server("elsewhere.example");
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(_shop, enrolment: _script);

        InvoicingException fault = await RefusedAsync(authority);

        Assert.Contains("the server's certificate is for elsewhere.example, and not for the name in the authority's address", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_script.Secrets);
    }

    [Theory]
    [InlineData(-200, -20, "has ended: 'CN=localhost' was good until 2026-08-12")]
    [InlineData(20, 200, "is not good yet: 'CN=localhost' is good from 2026-09-21")]
    public async Task A_server_certificate_out_of_its_time_is_refused(int from, int until, string text)
    {
        _script.Server = _script.Certificates.Server(from: _time.GetUtcNow().AddDays(from), until: _time.GetUtcNow().AddDays(until));
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(_shop, enrolment: _script);

        InvoicingException fault = await RefusedAsync(authority);

        Assert.Contains(text, fault.Message, StringComparison.Ordinal);
        Assert.Empty(_script.Secrets);
    }

    [Fact]
    public async Task A_clock_in_1970_enrols_for_the_time_is_only_known_to_be_later()
    {
        _script.Server = _script.Certificates.Server(from: _time.GetUtcNow().AddDays(-1));
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(_shop, enrolment: _script);

        EnrolledDevice enrolled = await DeviceEnrolment.EnrolAsync(Options(authority) with { Time = new ManualTime(DateTimeOffset.UnixEpoch) }).Soon();

        Assert.Equal(DateTimeOffset.UnixEpoch - _time.GetUtcNow(), enrolled.ClockDifference);
    }

    [Fact]
    public async Task A_clock_in_1970_does_not_take_a_server_that_ended_before_this_program_was_written()
    {
        _script.Server = _script.Certificates.Server(until: new DateTimeOffset(2026, 6, 30, 0, 0, 0, TimeSpan.Zero));
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(_shop, enrolment: _script);

        InvoicingException fault = await Assert.ThrowsAnyAsync<InvoicingException>(
            () => DeviceEnrolment.EnrolAsync(Options(authority) with { Time = new ManualTime(DateTimeOffset.UnixEpoch) }).Soon());

        Assert.Contains("has ended", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_script.Secrets);
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(0)]
    public async Task A_time_that_is_none_does_no_harm(long said)
    {
        _script.Bend = answer => answer.AuthorityTime = said;
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(_shop, enrolment: _script);

        Assert.Null((await DeviceEnrolment.EnrolAsync(Options(authority)).Soon()).ClockDifference);
    }

    [Fact]
    public async Task An_answer_that_is_lost_is_asked_for_again_with_the_same_request()
    {
        _script.LostAnswers = 1;
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(_shop, enrolment: _script);
        InvoicingException fault = await RefusedAsync(authority);
        Assert.True(fault.IsTransient);
        Assert.Contains("the line broke", fault.Message, StringComparison.Ordinal);

        EnrolledDevice enrolled = await DeviceEnrolment.EnrolAsync(Options(authority)).Soon();

        Assert.Equal(2, _script.Enrolments.Count);
        Assert.Equal(1, _script.Issued);
        Assert.Single(_script.Enrolments.Select(request => request.SigningKey.PublicKey).Distinct());
        Assert.Equal("shop-7", enrolled.Enrolment.Device);
    }

    [Fact]
    public async Task The_same_code_again_is_done_and_asks_nobody()
    {
        ScriptedAuthority authority = await ScriptedAuthority.StartAsync(_shop, enrolment: _script);
        EnrolmentOptions options = Options(authority);
        EnrolledDevice first = await DeviceEnrolment.EnrolAsync(options).Soon();
        await authority.DisposeAsync();

        EnrolledDevice second = await DeviceEnrolment.EnrolAsync(options).Soon();

        Assert.True(second.WasEnrolled);
        Assert.Equal(first.Enrolment.Hash, second.Enrolment.Hash);
        InvoicingException fault = await Assert.ThrowsAnyAsync<InvoicingException>(
            () => DeviceEnrolment.EnrolAsync(options with { Code = _script.NewCode() }).Soon());
        Assert.Contains("expected a device that is not enrolled, found 'shop-7'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_code_after_a_refusal_is_another_request_on_the_same_signing_key()
    {
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(_shop, enrolment: _script);
        _script.Refusal = new(StatusCode.PermissionDenied, "the activation code was used by another device");
        InvoicingException fault = await RefusedAsync(authority);
        Assert.Equal("the authority refuses: the activation code was used by another device", fault.Message);

        _script.Refusal = null;
        await DeviceEnrolment.EnrolAsync(Options(authority) with { Code = _script.NewCode() }).Soon();

        Assert.Equal(2, _script.Enrolments.Select(request => request.Request).Distinct().Count());
        Assert.Single(_script.Enrolments.Select(request => request.SigningKey.PublicKey).Distinct());
    }

    [Fact]
    public async Task A_device_with_a_journal_is_not_enrolled_anew()
    {
        await (await _shop.OpenAsync()).DisposeAsync();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(_shop, enrolment: _script);

        InvoicingException fault = await RefusedAsync(authority);

        Assert.Contains("expected no journal yet, found one", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_script.Secrets);
    }

    [Theory]
    [InlineData("root", "expected the trusted root as the last certificate")]
    [InlineData("key", "expected a certificate of the key in the request")]
    [InlineData("none", "expected a certificate and 1 to 4 that it leads to in the authority's answer, found none")]
    [InlineData("bytes", "expected certificates (DER)")]
    [InlineData("ended", "the certificate that the authority issued has ended")]
    [InlineData("record", "expected an enrolment record")]
    [InlineData("signing key", "expected this device's signing key in the enrolment")]
    [InlineData("certificate", "expected the issued certificate in the enrolment")]
    public async Task An_answer_that_is_not_what_was_asked_for_is_refused(string lie, string text)
    {
        using TestAuthorityCertificates other = new();
        using var otherKey = SoftwareSigner.Create();
        if (lie == "ended")
        {
            _script.Life = TimeSpan.FromMinutes(-5);
        }

        _script.Bend = answer =>
        {
            switch (lie)
            {
                case "root": answer.Certificates.Issuers[^1] = ByteString.CopyFrom(other.Root.RawData); break;
                case "key":
                    answer.Certificates.Certificate = ByteString.CopyFrom(_script.Certificates.Client(
                        "shop-7", PendingCertificate.Create(default).Request.Span, _time.GetUtcNow(), _time.GetUtcNow().AddDays(9)));
                    break;
                case "none": answer.Certificates = null; break;
                case "bytes": answer.Certificates.Certificate = ByteString.CopyFrom(1, 2, 3); break;
                case "record": answer.Enrolment = ByteString.CopyFrom(1, 2, 3); break;
                case "signing key": answer.Enrolment = ByteString.CopyFrom(Record(answer, otherKey.PublicKey, isCertificate: true)); break;
                case "certificate":
                    answer.Enrolment = ByteString.CopyFrom(Record(answer, _script.SigningKey, isCertificate: false));
                    break;
                default: break;
            }
        };
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(_shop, enrolment: _script);

        InvoicingException fault = await RefusedAsync(authority);

        Assert.Contains(text, fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Identity, "identity.json")));
    }

    [Fact]
    public async Task A_crash_at_any_step_leaves_the_same_enrolment_to_be_finished()
    {
        List<string> steps = [];
        await using (ScriptedAuthority authority = await ScriptedAuthority.StartAsync(_shop, enrolment: _script))
        {
            await DeviceEnrolment.EnrolAsync(Options(authority), steps.Add, default).Soon();
        }

        Assert.Equal(12, steps.Count); // five for the request, five for the identity, two to forget the request
        for (int dying = 0; dying < steps.Count; dying++)
        {
            using TestShop shop = new();
            using EnrolmentScript script = new(shop, _time);
            await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop, enrolment: script);
            EnrolmentOptions options = Options(authority, shop) with { Code = script.NewCode() };
            int left = dying;
            await Assert.ThrowsAsync<CrashedException>(
                () => DeviceEnrolment.EnrolAsync(options, step => { if (left-- == 0) { throw new CrashedException(step); } }, default).Soon());

            await DeviceEnrolment.EnrolAsync(options).Soon();

            Assert.Equal(1, script.Issued);
            Assert.False(File.Exists(Path.Combine(options.IdentityPath, "pending.json")), steps[dying]);
            await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(Gateway(authority, shop)).Soon();
            await gateway.IssueAsync(TestShop.Sale(1)).Soon();
            await Delivering.Delivered(gateway);
        }
    }

    [Fact]
    public async Task A_signing_key_other_than_the_enrolled_one_begins_no_chain()
    {
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(_shop, enrolment: _script);
        await DeviceEnrolment.EnrolAsync(Options(authority)).Soon();
        File.Delete(_shop.JournalPath + ".key");

        InvoicingException fault = await Assert.ThrowsAnyAsync<InvoicingException>(() => InvoicingGateway.OpenAsync(Gateway(authority)).Soon());

        Assert.Contains("that this device was enrolled with, found none; put it back", fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_shop.JournalPath + ".key"));
    }

    [Fact]
    public async Task Nobody_answering_is_said_in_one_sentence_and_is_transient()
    {
        ScriptedAuthority authority = await ScriptedAuthority.StartAsync(_shop, enrolment: _script);
        EnrolmentOptions options = Options(authority);
        await authority.DisposeAsync();

        InvoicingException fault = await Assert.ThrowsAnyAsync<InvoicingException>(() => DeviceEnrolment.EnrolAsync(options).Soon());

        Assert.True(fault.IsTransient);
        Assert.Contains("cannot be reached", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_identity_is_used_by_one_process_at_a_time()
    {
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(_shop, enrolment: _script);
        await DeviceEnrolment.EnrolAsync(Options(authority)).Soon();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(Gateway(authority)).Soon();

        await Assert.ThrowsAsync<Sqlite.FileInUseException>(() => DeviceEnrolment.EnrolAsync(Options(authority)).Soon());
    }

    [Fact]
    public async Task A_bundle_becomes_an_identity_where_a_folder_is_named()
    {
        GatewayOptions options = _shop.Options with { IdentityPath = Identity };
        await using (InvoicingGateway gateway = await InvoicingGateway.OpenAsync(options).Soon())
        {
            Assert.True(gateway.Status.Identity!.RenewsItself);
            Assert.Equal("device-1", gateway.Status.Identity.Name);
        }

        await using InvoicingGateway again = await InvoicingGateway.OpenAsync(options with { Bundle = null }).Soon();
        Assert.Equal("device-1", again.Status.Identity!.Name);
    }

    [Fact]
    public async Task A_damaged_identity_is_named()
    {
        Directory.CreateDirectory(Identity);
        await File.WriteAllTextAsync(Path.Combine(Identity, "identity.json"), "{ \"format\": \"invoicing/device-identity/2\" }");

        InvoicingException fault = await Assert.ThrowsAnyAsync<InvoicingException>(
            () => InvoicingGateway.OpenAsync(_shop.Options with { IdentityPath = Identity }).Soon());

        Assert.Contains("expected format 'invoicing/device-identity/1', found 'invoicing/device-identity/2'", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _script.Dispose();
        _shop.Dispose();
    }

    private EnrolmentOptions Options(ScriptedAuthority authority, TestShop? shop = null) => new()
    {
        Authority = authority.Address,
        Code = _code,
        IdentityPath = Path.Combine((shop ?? _shop).Folder, "device"),
        JournalPath = (shop ?? _shop).JournalPath,
        Time = _time,
    };

    private GatewayOptions Gateway(ScriptedAuthority authority, TestShop? shop = null) => new()
    {
        JournalPath = (shop ?? _shop).JournalPath,
        IdentityPath = Path.Combine((shop ?? _shop).Folder, "device"),
        Authority = authority.Address,
        EveryRegisterIsNew = true,
        Time = _time,
        DrainTimeout = TimeSpan.Zero,
    };

    private Task<InvoicingException> RefusedAsync(ScriptedAuthority authority) =>
        Assert.ThrowsAnyAsync<InvoicingException>(() => DeviceEnrolment.EnrolAsync(Options(authority)).Soon());

    private static byte[] Record(Protos.V1.EnrolResponse answer, ReadOnlyMemory<byte> signingKey, bool isCertificate)
    {
        var grant = Chain.EnrolmentGrant.Read(answer.Enrolment.ToByteArray());
        return Chain.EnrolmentGrant.Create(
            grant.Device, grant.Seller, grant.Kind, isCertificate ? grant.CertificateHash : Sha256Hash.Of([1]), grant.Codes, grant.Numbers, grant.Anchors,
            grant.EnrolledAt, signingKey).Bytes.ToArray();
    }
}

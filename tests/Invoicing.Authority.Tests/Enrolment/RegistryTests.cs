using System.Security.Cryptography;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Enrolment.Acts;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Chain;
using Invoicing.Enrolment;
using Invoicing.Hashing;
using Invoicing.Protos.V1;
using Invoicing.Signing;
using Invoicing.Sqlite;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Enrolment;

/// <summary>The registry by itself: acts, ranges, invitations.</summary>
public sealed class RegistryTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly ManualTime _time = new();
    private AuthorityRegistry _registry;

    public RegistryTests()
    {
        Folder = new(_temp.File("authority"));
        CertificateAuthority.Create(Folder, [], _time);
        _registry = Open();
    }

    private AuthorityFolder Folder { get; }

    public void Dispose()
    {
        _registry.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public void Every_act_stands_in_the_chain_with_who_did_it_and_the_chain_holds()
    {
        (ActivationCode code, _) = _registry.Invite("os:an", Terms("shop-1"), TimeSpan.FromDays(1), succeeds: null);
        _registry.Withdraw("os:binh", "shop-1");
        (code, _) = _registry.Invite("os:an", Terms("shop-1"), TimeSpan.FromDays(1), succeeds: null);
        using var signer = SoftwareSigner.Create();
        IssuedClient device = _registry.Enrol(code.Secret, Request(), signer.PublicKey, predecessor: null, "till 1.0");
        _registry.Renew(device.Client.Id, Request(), "till 1.0");
        _registry.SetStanding("os:an", "shop-1", ClientStanding.Suspended, "unpaid");
        _registry.SetStanding("os:an", "shop-1", ClientStanding.Active, "paid");
        _registry.GrantRanges(device.Client.Grant!.Id, 0, codes: true, numbers: true, year: 27);
        _registry.AddClient("os:an", ClientRole.Follower, "official", "all", Request());
        _registry.AddClient("os:an", ClientRole.Operator, "owner", "0107001729", Request());
        _registry.SetScope("os:an", "official", "0107001729");
        _registry.RemoveClient("os:an", ClientRole.Follower, "official", "left");
        _registry.SetStanding("os:an", "shop-1", ClientStanding.Retired, "worn out");

        List<ActBody> acts = [.. _registry.Query(q => q.AllActs().ToList()).Select(a => ActChain.Read(a.Body.Span)!)];
        Assert.Equal(
            [
                ActKind.AuthorityMade, ActKind.Invited, ActKind.InvitationWithdrawn, ActKind.Invited, ActKind.Enrolled, ActKind.Renewed,
                ActKind.Suspended, ActKind.Resumed, ActKind.RangesGranted, ActKind.FollowerAdded, ActKind.OperatorAdded, ActKind.ScopeChanged,
                ActKind.ClientRemoved, ActKind.Retired,
            ],
            acts.Select(a => a.Act));
        Assert.Equal(["os:binh", "device:shop-1", "os:an"], [acts[2].Actor, acts[4].Actor, acts[^1].Actor]);
        Assert.Contains(acts[6].Details, d => d is { Name: "reason", Value: "unpaid" });
        Assert.Null(Verify(_registry.Query(q => q.AllActs().ToList()), out long count));
        Assert.Equal(14, count);
    }

    [Fact]
    public void A_byte_that_was_flipped_anywhere_in_the_chain_is_found_and_named()
    {
        _registry.Invite("os:an", Terms("shop-1"), TimeSpan.FromDays(1), succeeds: null);
        _registry.Withdraw("os:an", "shop-1");
        List<SignedAct> acts = _registry.Query(q => q.AllActs().ToList());
        int flipped = 0;
        for (int i = 0; i < acts.Count; i++)
        {
            for (int at = 0; at < acts[i].Body.Length + EcdsaSignature.Length; at++)
            {
                byte[] body = acts[i].Body.ToArray();
                byte[] signature = acts[i].Signature.ToArray();
                (at < body.Length ? body : signature)[at < body.Length ? at : at - body.Length] ^= 1;
                string? fault = Verify([.. acts[..i], new(acts[i].Number, body, new(signature)), .. acts[(i + 1)..]], out long count);
                Assert.NotNull(fault);
                Assert.StartsWith($"act {i + 1}: expected ", fault, StringComparison.Ordinal);
                Assert.Contains(", found ", fault, StringComparison.Ordinal);
                Assert.Equal(i, count);
                flipped++;
            }
        }

        Assert.True(flipped > 900, $"{flipped}");
        Assert.Equal("act 2: expected number 2, found 3", Verify([acts[0], acts[2]], out _));
        Assert.Contains("act 1: expected number 1, found 2", Verify(acts[1..], out _), StringComparison.Ordinal);

        // An act of another authority with the same key does not fit either.
        using SoftwareSigner signer = CertificateAuthority.LoadWatermarkKey(Folder);
        SignedAct foreign = ActChain.Sign(1, Sha256Hash.Of("elsewhere"u8), 0, "os:an", new(ActKind.Invited, "x"), signer);
        Assert.Contains("expected a link to", Verify([foreign], out _), StringComparison.Ordinal);
    }

    [Fact]
    public void An_effect_without_its_act_is_not_kept()
    {
        // An act's text has limits; where it cannot be noted, nothing is done.
        string actor = "os:" + new string('x', ActChain.MaxActor);
        Assert.Throws<InvoicingException>(() => _registry.Invite(actor, Terms("shop-1"), TimeSpan.FromDays(1), succeeds: null));
        Assert.Throws<InvoicingException>(() => _registry.AddClient(actor, ClientRole.Follower, "official", "all", Request()));
        Assert.Empty(_registry.Query(q => q.Invitations()));
        Assert.Empty(_registry.Query(q => q.List(ClientRole.Follower)));
        Assert.Single(_registry.Query(q => q.AllActs().ToList()));
    }

    [Fact]
    public void Further_ranges_are_the_same_however_often_they_are_asked_for_and_never_overlap()
    {
        ChainId one = Enrol("shop-1").Grant!.Id;
        ChainId two = Enrol("shop-2").Grant!.Id;
        using SoftwareSigner signer = CertificateAuthority.LoadWatermarkKey(Folder);
        using var key = VerifyingKey.Import(signer.PublicKey.Span);
        Chain.RangeGrant Read(RangeAnswer answer)
        {
            Assert.Empty(answer.Text);
            Assert.Null(Chain.RangeGrant.Verify(answer.Grant!, new Dictionary<Sha256Hash, VerifyingKey> { [key.KeyId] = key }, out Chain.RangeGrant? grant));
            return grant!;
        }

        RangeAnswer first = _registry.GrantRanges(one, 0, codes: true, numbers: false, 0);
        Chain.RangeGrant grant = Read(first);
        Assert.Equal((one, 1, 200L, 299L), (grant.Enrolment, grant.Number, grant.Codes!.First, grant.Codes.Last));
        Assert.Null(grant.Numbers);
        Assert.Equal(300, Read(_registry.GrantRanges(two, 0, codes: true, numbers: false, 0)).Codes!.First);

        // Asked again, also behind a restart and with other wishes: the same bytes.
        _registry.Dispose();
        _registry = Open();
        RangeAnswer again = _registry.GrantRanges(one, 0, codes: false, numbers: true, 30);
        Assert.Equal(first.Grant!.Body.ToArray(), again.Grant!.Body.ToArray());
        Assert.Equal(first.Grant.Signature, again.Grant.Signature);

        Chain.RangeGrant next = Read(_registry.GrantRanges(one, 1, codes: true, numbers: true, 27));
        Assert.Equal((2, 400L, "C27MAA", 1), (next.Number, next.Codes!.First, next.Numbers!.Series.ToString(), next.Numbers.First));
        Assert.Contains("granted: expected at most 2", _registry.GrantRanges(one, 7, codes: true, numbers: true, 27).Text, StringComparison.Ordinal);
        Assert.Contains("expected codes or numbers", _registry.GrantRanges(one, 2, codes: false, numbers: false, 27).Text, StringComparison.Ordinal);
        Assert.Contains("year: expected 0 to 99", _registry.GrantRanges(one, 2, codes: true, numbers: true, 2027).Text, StringComparison.Ordinal);
        Assert.Contains("expected the enrolment of a device", _registry.GrantRanges(ChainId.Create(), 0, codes: true, numbers: true, 27).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_asks_without_end_is_stopped_for_the_day_and_one_that_is_out_gets_nothing()
    {
        ChainId device = Enrol("shop-1").Grant!.Id;
        for (int i = 0; i < AuthorityRegistry.GrantsADay; i++)
        {
            Assert.Empty(_registry.GrantRanges(device, i, codes: true, numbers: false, 0).Text);
        }

        Assert.Contains("ask again tomorrow", _registry.GrantRanges(device, 100, codes: true, numbers: false, 0).Text, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Empty(_registry.GrantRanges(device, 100, codes: true, numbers: false, 0).Text);
        _registry.SetStanding("os:an", "shop-1", ClientStanding.Suspended, "unpaid");
        Assert.Contains("is suspended", _registry.GrantRanges(device, 101, codes: true, numbers: false, 0).Text, StringComparison.Ordinal);
        Assert.NotNull(_registry.GrantRanges(device, 100, codes: true, numbers: false, 0).Grant); // what was granted stays granted
    }

    [Fact]
    public void Invitations_are_checked_before_they_are_made_and_the_authority_finds_names()
    {
        Assert.Equal("0107001729.1", _registry.Invite("os:an", Terms(string.Empty), TimeSpan.FromDays(1), null).Invitation.Name);
        Assert.Equal("0107001729.2", _registry.Invite("os:an", Terms(string.Empty), TimeSpan.FromDays(1), null).Invitation.Name);
        foreach ((DeviceTerms terms, TimeSpan validity, string? succeeds, string expected) in (ReadOnlySpan<(DeviceTerms, TimeSpan, string?, string)>)
        [
            (Terms("0107001729.1"), TimeSpan.FromDays(1), null, "name: expected one without an open invitation"),
            (Terms("a b"), TimeSpan.FromDays(1), null, "name: expected 1 to 64 characters"),
            (Terms("x"), TimeSpan.FromDays(91), null, "valid: expected a minute to 90 days"),
            (Terms("x"), TimeSpan.Zero, null, "valid: expected a minute to 90 days"),
            (Terms("x"), TimeSpan.FromDays(1), "nobody", "expected a device, found none named 'nobody'"),
            (Terms("x") with { TaxCode = "1" }, TimeSpan.FromDays(1), null, "tax code: expected"),
            (Terms("x") with { Block = "a" }, TimeSpan.FromDays(1), null, "block: expected"),
            (Terms("x") with { Series = "K26MAA" }, TimeSpan.FromDays(1), null, "series: expected a coded series"),
            (Terms("x") with { Codes = 0 }, TimeSpan.FromDays(1), null, "codes and numbers: expected at least 1"),
            (Terms("x") with { Kind = 0 }, TimeSpan.FromDays(1), null, "kind: expected 1 to 9"),
            (Terms("x") with { CertificateDays = 826 }, TimeSpan.FromDays(1), null, "certificate days: expected 1 to 825"),
            (Terms("x") with { Address = "a\nb" }, TimeSpan.FromDays(1), null, "without control characters"),
            (Terms("x") with { SellerName = string.Empty }, TimeSpan.FromDays(1), null, "seller's name: expected"),
        ])
        {
            InvoicingException refusal = Assert.Throws<InvoicingException>(() => _registry.Invite("os:an", terms, validity, succeeds));
            Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        }

        Enrol("shop-1");
        Assert.Contains(
            "which device of", Assert.Throws<InvoicingException>(() => _registry.Invite("os:an", Terms("shop-1"), TimeSpan.FromDays(1), null)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "succeeds: expected a device of seller 0200000012",
            Assert.Throws<InvoicingException>(() => _registry.Invite("os:an", Terms("x") with { TaxCode = "0200000012" }, TimeSpan.FromDays(1), "shop-1")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whose_streams_end_is_told_outside_the_gate_so_that_a_stream_may_ask_meanwhile()
    {
        Enrol("shop-1");
        int told = 0;
        CancellationToken cancel = TestContext.Current.CancellationToken;
        _registry.Changed = _ => told += Task.Run(() => _registry.GrantsOf("0107001729").Count, cancel).Wait(Waiting.Limit, cancel) ? 1 : 0;

        _registry.SetStanding("os:an", "shop-1", ClientStanding.Suspended, "unpaid");
        (ActivationCode code, _) = _registry.Invite("os:an", Terms("shop-1"), TimeSpan.FromDays(1), succeeds: "shop-1");
        using var signer = SoftwareSigner.Create();
        await Task.Run(() => _registry.Enrol(code.Secret, Request(), signer.PublicKey, predecessor: null, "till 1.0"), cancel).Soon(TimeSpan.FromSeconds(30));

        Assert.Equal(2, told);
    }

    [Fact]
    public void The_secret_of_a_code_is_nowhere_in_the_file()
    {
        (ActivationCode code, _) = _registry.Invite("os:an", Terms("shop-1"), TimeSpan.FromDays(1), succeeds: null);
        _registry.Dispose();
        byte[] file = File.ReadAllBytes(Folder.Registry);
        Assert.True(file.AsSpan().IndexOf(ActivationCode.HashOf(code.Secret).ToArray()) >= 0);
        Assert.Equal(-1, file.AsSpan().IndexOf(code.Secret));
        Assert.Equal(-1, file.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(code.Reveal())));
        _registry = Open();
    }

    [Fact]
    public void One_process_writes_the_registry_and_a_folder_without_one_is_told()
    {
        Assert.Throws<FileInUseException>(() => AuthorityRegistry.Open(Folder, _time, _ => { }));
        InvoicingException none = Assert.Throws<InvoicingException>(() => AuthorityRegistry.Open(new(_temp.File("nothing")), _time, _ => { }));
        Assert.Contains("registry.db: expected the authority's registry, found no file: run 'authority ca", none.Message, StringComparison.Ordinal);
    }

    private static DeviceTerms Terms(string name) => new()
    {
        Name = name,
        TaxCode = "0107001729",
        SellerName = "Một Ly",
        Address = "Hà Nội",
        Block = "A1B2C",
        Series = "C26MAA",
        Codes = 100,
        Numbers = 50,
        Kind = 1,
        CertificateDays = 90,
    };

    private static KeyRequest Request()
    {
        (ECDsa key, byte[] bytes) = KeyRequest.Make("x");
        key.Dispose();
        Assert.Null(KeyRequest.Read(bytes, out KeyRequest? request));
        return request!;
    }

    private RegisteredClient Enrol(string name) => _registry.AddDevice("os:an", Terms(name), Request()).Client;

    private AuthorityRegistry Open() => AuthorityRegistry.Open(Folder, _time, fault => throw fault);

    private string? Verify(IEnumerable<SignedAct> acts, out long count)
    {
        using SoftwareSigner signer = CertificateAuthority.LoadWatermarkKey(Folder);
        using var key = VerifyingKey.Import(signer.PublicKey.Span);
        return ActChain.Verify(acts, AuthorityRegistry.StartOf(Folder), key, out count);
    }
}

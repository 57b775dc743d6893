using System.Collections.Concurrent;
using Google.Protobuf;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Uplink;
using Invoicing.Invoices;
using Invoicing.Testing;
using static Invoicing.Gateway.Tests.Uplink.Delivering;
using Wire = Invoicing.Protos.V1;

namespace Invoicing.Gateway.Tests.Uplink;

/// <summary>Ranges that run low are asked for on the stream, noted in the chain and used.</summary>
public sealed class RangeGrantTests
{
    private readonly ConcurrentQueue<Wire.RangeRequest> _asked = new();

    [Fact]
    public async Task Codes_that_run_low_are_asked_for_noted_and_sold_from_without_a_pause()
    {
        using TestShop shop = new(codes: 50);
        await using ScriptedAuthority authority = await StartAsync(shop, step: 1_000);
        await using (InvoicingGateway gateway = await Open(shop, authority))
        {
            await Issue(gateway, 1, 40); // a fifth is left
            await Waiting.Until(() => gateway.Status.CodesLeft == 1_010, "granted further codes", Patience);
            await Issue(gateway, 41, 100);
            await Delivered(gateway);
            Assert.Equal(950, gateway.Status.CodesLeft);
            Assert.False(gateway.Status.RangesRunLow);
        }

        Assert.Equal([(0u, true, false)], _asked.Select(r => (r.Granted, r.Codes, r.Numbers)));
        SignedEntry note = Assert.Single(JournalExport.Read(shop.JournalPath), e => e.Kind == EntryKind.Range);
        Assert.True((await JournalAudit.RunAsync(shop.JournalPath).Soon()).IsSound);

        await using InvoicingGateway again = await InvoicingGateway.OpenAsync(shop.Options).Soon();
        Assert.Equal(950, again.Status.CodesLeft);
        Assert.True(note.Position > 1);
    }

    [Fact]
    public async Task A_shop_that_ran_out_waits_and_goes_on_when_the_grant_comes()
    {
        using TestShop shop = new(codes: 5);
        await using (InvoicingGateway offline = await shop.OpenAsync())
        {
            await Issue(offline, 1, 5);
            await Assert.ThrowsAsync<NotRecordedException>(() => offline.IssueAsync(TestShop.Sale(6)).Soon());
        }

        await using ScriptedAuthority authority = await StartAsync(shop, step: 1_000);
        await using InvoicingGateway gateway = await Open(shop, authority);
        await Waiting.Until(() => gateway.Status.CodesLeft == 1_000, "granted further codes", Patience);
        IssuedInvoice next = await gateway.IssueAsync(TestShop.Sale(6)).Soon(Patience);
        Assert.Equal(100_000, next.Invoice.Identity.Code.Digits);
    }

    [Fact]
    public async Task Further_grants_are_numbered_one_after_the_other_also_over_restarts()
    {
        using TestShop shop = new(codes: 5);
        await using ScriptedAuthority authority = await StartAsync(shop, step: 10);
        for (int i = 0; i < 3; i++)
        {
            await using InvoicingGateway gateway = await Open(shop, authority);
            for (int sale = 1; sale <= 12; sale++)
            {
                await Waiting.Until(() => gateway.Status.CodesLeft > 0, "granted further codes", Patience);
                await gateway.IssueAsync(TestShop.Sale((ulong)((12 * i) + sale))).Soon(Patience);
            }

            await Delivered(gateway);
        }

        Assert.Equal(Enumerable.Range(0, _asked.Count).Select(n => (uint)n), _asked.Select(r => r.Granted));
        JournalAuditReport report = await JournalAudit.RunAsync(shop.JournalPath).Soon();
        Assert.True(report.IsSound, string.Join("; ", report.Faults));
    }

    [Fact]
    public async Task A_grant_that_does_not_verify_or_is_anothers_is_not_noted()
    {
        using TestShop shop = new(codes: 5);
        await using ScriptedAuthority authority = await StartAsync(shop, step: 1_000);
        using TestShop other = new();
        authority.Ranges = request =>
        {
            _asked.Enqueue(request);
            SignedRangeGrant grant = _asked.Count % 2 == 0
                ? new RangeGrant(other.Enrolment.Id, 1, new(TestShop.Block, 100_000, 100_999), null, 1).Sign(shop.AuthorityKey)
                : new RangeGrant(shop.Enrolment.Id, 1, new(TestShop.Block, 100_000, 100_999), null, 1).Sign(other.AuthorityKey);
            return ToWire(grant);
        };
        await using InvoicingGateway gateway = await Open(shop, authority);
        await Issue(gateway, 1, 5);
        await Delivered(gateway);
        await Waiting.Until(() => !_asked.IsEmpty, "asked for ranges", Patience);

        Assert.Equal(0, gateway.Status.CodesLeft);
        await Assert.ThrowsAsync<NotRecordedException>(() => gateway.IssueAsync(TestShop.Sale(6)).Soon());
    }

    [Theory]
    [InlineData(2026, 12, 1, 26)]
    [InlineData(2026, 12, 25, 27)]
    public void Numbers_of_the_next_year_are_asked_for_two_weeks_ahead(int year, int month, int day, int expected)
    {
        RangeAllocation ranges = RangeAllocation.Empty.Grant(new CodeRange(TestShop.Block, 0, 999)).Grant(new NumberRange(InvoiceSeries.Parse("C26MAA"), 1, 1_000));
        RangeNeed? need = RangeNeed.Of(ranges, new(year, month, day, 5, 0, 0, TimeSpan.Zero));
        Assert.Equal(expected == 26 ? null : new RangeNeed(Codes: false, Numbers: true, 27), need);
    }

    [Fact]
    public async Task Each_hello_is_proven_by_the_chains_key_and_names_the_same_run()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        await using InvoicingGateway gateway = await Open(shop, authority);
        await Issue(gateway, 1, 3);
        await Delivered(gateway);
        authority.Instead = _ => throw new Grpc.Core.RpcException(new(Grpc.Core.StatusCode.Unavailable, "away"));
        await Issue(gateway, 4, 4);
        await Waiting.Until(() => authority.Hellos.Count >= 3, "greeted again", Patience);

        Assert.All(authority.Faults, Assert.Null);
        Assert.Single(authority.Hellos.Select(h => h.Instance).Distinct());
    }

    private async Task<ScriptedAuthority> StartAsync(TestShop shop, int step)
    {
        ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        authority.Ranges = request =>
        {
            _asked.Enqueue(request);
            long first = 100_000 + (step * (long)request.Granted);
            return ToWire(new RangeGrant(shop.Enrolment.Id, (int)request.Granted + 1, new(TestShop.Block, first, first + step - 1), null, 1).Sign(shop.AuthorityKey));
        };
        return authority;
    }

    private static Wire.RangeGrant ToWire(SignedRangeGrant grant) =>
        new() { Body = ByteString.CopyFrom(grant.Body.Span), Signature = ByteString.CopyFrom(grant.Signature.ToArray()) };
}

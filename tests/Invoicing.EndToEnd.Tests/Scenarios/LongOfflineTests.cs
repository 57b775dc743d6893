using System.Net;
using Invoicing.Amounts;
using Invoicing.Authority;
using Invoicing.Authority.Audit;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Ledger.Sqlite;
using Invoicing.Chain;
using Invoicing.Enrolment;
using Invoicing.Gateway;
using Invoicing.Gateway.Enrolment;
using Invoicing.Sales;
using Invoicing.Signing;
using Invoicing.Testing;
using Microsoft.Extensions.Logging;

namespace Invoicing.EndToEnd.Tests.Scenarios;

/// <summary>A till that was off for weeks, and one that woke up in 1970, with the real authority: selling, renewing and sending again without a hand.</summary>
[Trait("Tier", "EndToEnd")]
public sealed class LongOfflineTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset Start = new(2026, 9, 1, 3, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private readonly ShiftedTime _truth = new(Start);
    private readonly ShiftedTime _till = new(Start);
    private AuthorityServer _authority = null!;
    private ulong _sales;

    private AuthorityFolder Folder => new(_folder.File("authority"));

    public async ValueTask InitializeAsync()
    {
        CertificateAuthority.Create(Folder, [], _truth);
        _authority = await AuthorityServer.StartAsync(
            new() { Folder = Folder, Listen = new(IPAddress.Loopback, 0), Time = _truth }, logging => logging.SetMinimumLevel(LogLevel.None),
            TestContext.Current.CancellationToken);
        (ActivationCode code, _) = _authority.Registry.Invite(
            "os:test",
            new()
            {
                Name = "till-1",
                TaxCode = "0107001729",
                SellerName = "Cửa hàng Bình Minh",
                Address = "12 phố Huế, Hà Nội",
                Block = "A1B2C",
                Codes = 1_000,
                Numbers = 1_000,
                Kind = 1,
                CertificateDays = 20,
            },
            TimeSpan.FromDays(1), succeeds: null);
        await DeviceEnrolment.EnrolAsync(new()
        {
            Authority = _authority.Address,
            Code = code,
            IdentityPath = _folder.File("device"),
            JournalPath = _folder.File("journal.db"),
            Time = _till,
        }).Soon(Patience);
        await using InvoicingGateway gateway = await OpenAsync();
        await SellAsync(gateway);
        await SentAsync(gateway);
    }

    public async ValueTask DisposeAsync()
    {
        await _authority.DisposeAsync();
        LedgerSound();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_till_whose_certificate_ran_out_weeks_ago_sells_renews_and_sends()
    {
        _truth.Now = _till.Now = Start.AddDays(60);
        await using InvoicingGateway gateway = await OpenAsync();
        await SellAsync(gateway); // it asks nobody
        await SentAsync(gateway);

        Assert.Equal(CertificateState.Good, gateway.Status.Identity!.State);
        Assert.InRange(gateway.Status.Identity.CertificateEnds, Start.AddDays(79), Start.AddDays(81));
    }

    [Fact]
    public async Task A_till_that_woke_up_in_1970_is_told_the_time_sells_renews_and_sends()
    {
        _truth.Now = Start.AddDays(60);
        _till.Now = DateTimeOffset.UnixEpoch.AddHours(1);
        await using InvoicingGateway gateway = await OpenAsync();
        await Waiting.Until(() => gateway.Status.Clock.IsAuthority, "told the time", Patience);
        IssuedInvoice issued = await SellAsync(gateway);
        await SentAsync(gateway);

        Assert.Equal(DateOnly.FromDateTime(Start.AddDays(60).ToOffset(TimeSpan.FromHours(7)).DateTime), issued.Invoice.IssuedOn);
        Assert.Equal(CertificateState.Good, gateway.Status.Identity!.State);
    }

    [Fact]
    public async Task A_certificate_that_nears_its_end_is_renewed_in_mid_flow()
    {
        _truth.Now = _till.Now = Start.AddDays(16); // a fifth of its life is left
        await using InvoicingGateway gateway = await OpenAsync();
        for (int i = 0; i < 50; i++)
        {
            await SellAsync(gateway);
        }

        await Waiting.Until(() => gateway.Status.Identity!.CertificateEnds > Start.AddDays(30), "renewed", Patience);
        for (int i = 0; i < 50; i++)
        {
            await SellAsync(gateway);
        }

        await SentAsync(gateway);
    }

    private Task<InvoicingGateway> OpenAsync() => InvoicingGateway.OpenAsync(new()
    {
        JournalPath = _folder.File("journal.db"),
        IdentityPath = _folder.File("device"),
        Authority = _authority.Address,
        EveryRegisterIsNew = true,
        ReconnectDelay = TimeSpan.FromMilliseconds(50),
        ReconnectCap = TimeSpan.FromMilliseconds(500),
        Time = _till,
    }).Soon(Patience);

    private async Task<IssuedInvoice> SellAsync(InvoicingGateway gateway) => await gateway.IssueAsync(new()
    {
        Key = new(new("SIM-0001"), 0x1122334455667788, ++_sales),
        Lines = [new() { Name = "Cà phê sữa đá", Unit = "ly", Quantity = 1, UnitPrice = 29_000, Rate = TaxRate.Eight, Amount = new(29_000) }],
        Payments = [new(PaymentMeans.Cash, new(29_000))],
        Total = new Money(29_000),
    }).Soon(Patience);

    private static Task SentAsync(InvoicingGateway gateway) => gateway.WhenAcknowledgedAsync(gateway.Status.HeadPosition).Soon(Patience);

    /// <summary>The authority's own checker, every signature, once its server has ended.</summary>
    private void LedgerSound()
    {
        using SoftwareSigner signer = CertificateAuthority.LoadWatermarkKey(Folder);
        using var anchor = VerifyingKey.Import(signer.PublicKey.Span);
        using var reader = SqliteAuditReader.Open(Folder.Ledger);
        AuditReport report = LedgerAudit.Run(reader, [anchor], SignatureDepth.Every, CancellationToken.None);
        Assert.Empty(report.Faults);
        Assert.True(report.Entries > (long)_sales);
    }

    /// <summary>A clock that shows what the test says, and goes on from there; timers run as they do.</summary>
    private sealed class ShiftedTime(DateTimeOffset start) : TimeProvider
    {
        private TimeSpan _shift = start - System.GetUtcNow();

        public DateTimeOffset Now
        {
            get => GetUtcNow();
            set => _shift = value - System.GetUtcNow();
        }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _shift;
    }
}

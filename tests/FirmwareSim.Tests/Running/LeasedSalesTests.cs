#pragma warning disable MA0040 // What is opened and run here ends by the test's own hand, gateway and line in their order.
using System.Security.Cryptography;
using FirmwareSim.Journal;
using FirmwareSim.Records;
using FirmwareSim.Running;
using Invoicing.Chain;
using Invoicing.Gateway;
using Invoicing.Gateway.Journal;
using Invoicing.Invoices;
using Invoicing.Registers.Tlk;
using Invoicing.Signing;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace FirmwareSim.Tests.Running;

/// <summary>The simulator and the product, end to end over a sealed line: what was printed while it was cut is invoiced with the printed codes.</summary>
public sealed class LeasedSalesTests : IAsyncDisposable
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly MemoryCable _cable = new();
    private readonly SoftwareSigner _authority = SoftwareSigner.Create();
    private CancellationTokenSource? _stop;
    private InvoicingGateway? _gateway;
    private TlkDriver _driver = null!;
    private Task _serving = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await StopGatewayAsync();
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_a_register_printed_while_its_line_was_cut_is_invoiced_with_exactly_the_printed_codes()
    {
        await StartGatewayAsync();
        await using (SimulatedRegister register = Register(sales: 5, clockAhead: TimeSpan.FromSeconds(-90)))
        {
            _cable.Plug();
            await using Running running = new(register);
            await Waiting.Until(() => register.Lease is not null && register.Summary is { RungUp: 5, OldestUnacknowledged: null }, "a lease taken", Long);
            await Waiting.Until(() => _driver.Status is { Report: not null, IsSealed: true, Lease: > 0 }, "told", Long);
            Assert.Contains(register.Records(), record => record.Kind == FirmwareSim.Records.RecordKind.ClockChange);
            await _cable.PullAsync();
        }

        // Power cut and no line: the lease is in the register's journal.
        await using (SimulatedRegister register = Register(sales: 25))
        {
            await using Running running = new(register);
            await Waiting.Until(() => register.Summary.RungUp == 25, "20 sales without a line", Long);
            LeasedCode?[] printed = [.. register.Records().Where(record => record.IsSale).Skip(5).Select(record => record.Leased)];
            Assert.Equal(20, printed.OfType<LeasedCode>().Select(code => code.Code).Distinct().Count());
            await StopGatewayAsync();
            await StartGatewayAsync();
            _cable.Plug();
            await Waiting.Until(() => register.Summary.OldestUnacknowledged is null, "all answered", Long);

            Assert.Equal(
                printed.Select(code => (code!.Code, code.Series, code.Number)),
                register.Records().Where(record => record.IsSale).Skip(5).Select(record => (record.Result!.Code!, record.Result.Series!, record.Result.Number)));
            await _cable.PullAsync();
        }

        // The lease goes on where it was, and what the gateway is to code never falls back to it.
        await using (SimulatedRegister register = Register(sales: 30))
        {
            _cable.Plug();
            await using Running running = new(register);
            await Waiting.Until(() => register.Summary is { RungUp: 30, OldestUnacknowledged: null }, "sold on", Long);
        }

        await StopGatewayAsync();
        await AssertOneToOneAsync();
    }

    private async Task AssertOneToOneAsync()
    {
        RecordIndex journal = RegisterJournal.Read(_folder.File("register"));
        string path = _folder.File("journal.db");
        Invoice[] invoices =
        [
            .. JournalExport.Read(path).Where(entry => entry.Kind == Invoicing.Chain.EntryKind.Invoice).Select(entry =>
            {
                Assert.Null(EntryFields.Read(entry.Body.Span, out EntryFields fields));
                return InvoiceContents.Read(fields.Content(entry.Body.Span));
            }),
        ];
        JournalRecord[] sales = [.. journal.Records.Where(record => record.IsSale)];
        Assert.Equal(30, sales.Length);
        Assert.Equal(
            sales.Select(sale => (sale.Seq, sale.Result!.Code, Leased: sale.Leased?.Lease)),
            invoices.Select(invoice => (invoice.Sale.Key.Sequence, (string?)invoice.Code.ToString(), Leased: invoice.Lease)));
        Assert.All(sales.Where(sale => sale.Leased is not null), sale => Assert.Equal(sale.Leased!.Code, sale.Result!.Code));
        Assert.True(sales.Count(sale => sale.Leased is not null) >= 20);
        Assert.Equal(30, invoices.Select(invoice => invoice.Code).Distinct().Count());
        Assert.Empty((await JournalAudit.RunAsync(path).Soon(Long)).Faults);
    }

    private async Task StartGatewayAsync()
    {
        var enrolment = EnrolmentGrant.Create(
            "device-1", new(TaxCode.Parse("0107001729"), "Cửa hàng Thử Nghiệm", "1 Tràng Tiền, Hà Nội"), InvoiceKind.Vat, default,
            [new("A1B2C", 0, 99_999)],
            [.. Enumerable.Range(TimeProvider.System.GetUtcNow().Year % 100, 2).Select(year => new NumberRange(InvoiceSeries.Parse($"C{year:00}MAA"), 1, 99_999))],
            [_authority.PublicKey], enrolledAt: new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());
        bool isNew = !File.Exists(_folder.File("journal.db"));
        _gateway = await InvoicingGateway.OpenAsync(new()
        {
            JournalPath = _folder.File("journal.db"),
            Bundle = isNew ? new("device-1", string.Empty, string.Empty, string.Empty, enrolment.Bytes) : null,
            EveryRegisterIsNew = true,
            Leases = new() { Codes = 100 },
        }).Soon();
        _driver = new TlkDriver(_cable, _gateway, new() { PairingKey = Key }, TimeProvider.System, NullLogger<TlkDriver>.Instance);
        _stop = new();
        _serving = _driver.RunAsync(_stop.Token);
    }

    private async Task StopGatewayAsync()
    {
        if (_gateway is { } gateway && _stop is { } stop)
        {
            (_gateway, _stop) = (null, null);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _serving.Soon());
            await gateway.DisposeAsync();
            stop.Dispose();
        }
    }

    private SimulatedRegister Register(int sales, TimeSpan clockAhead = default) => new(new()
    {
        Serial = "SIM-0001",
        JournalPath = _folder.File("register"),
        Line = _cable.FarEnd,
        Sales = sales,
        Seed = 7,
        Linger = true,
        LeasesAfter = TimeSpan.Zero,
        PairingKey = Key,
        ClockAhead = clockAhead,
    });

    /// <summary>A register that runs until it is let go.</summary>
    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public Running(SimulatedRegister register) => _running = register.RunAsync(_stop.Token);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running.Soon());
            _stop.Dispose();
        }
    }
}

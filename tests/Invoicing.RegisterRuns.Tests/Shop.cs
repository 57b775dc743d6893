using System.Text;
using FirmwareSim.Tills;
using Invoicing.Catalogues;
using Invoicing.Chain;
using Invoicing.Gateway;
using Invoicing.Gateway.Journal;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Signing;
using Invoicing.Testing;
using Invoicing.Vietnam;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>A gateway with a real journal, without an authority, on a virtual clock.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly GatewayOptions _options;

    private Shop(TempFolder folder, VirtualTime time, GatewayOptions options, InvoicingGateway gateway)
    {
        _folder = folder;
        _options = options;
        Time = time;
        Gateway = gateway;
        Recorder = new(gateway, time);
        Captures = new(gateway.Captures, time);
    }

    public VirtualTime Time { get; }

    public InvoicingGateway Gateway { get; private set; }

    public BusyRecorder Recorder { get; private set; }

    public HeldCaptures Captures { get; private set; }

    public string Journal => File("journal.db");

    /// <summary>The newest entry, read from the journal's file: the gateway may just be closed.</summary>
    public long Head
    {
        get
        {
            using var reader = JournalReader.Open(Journal);
            return reader.ReadHead();
        }
    }

    public static async Task<Shop> OpenAsync()
    {
        TempFolder folder = new();
        VirtualTime time = new();
        using var authority = SoftwareSigner.Create();
        var enrolment = EnrolmentGrant.Create(
            "device-1", new(TaxCode.Parse("0107001729"), "Cửa hàng Thử Nghiệm", "1 Tràng Tiền, Hà Nội"), InvoiceKind.Vat, Sha256Hash.Of([1]),
            [new("A1B2C", 0, 9_999_999)], [new(InvoiceSeries.Parse("C26MAA"), 1, 9_999_999)], [authority.PublicKey],
            new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());
        GatewayOptions options = new()
        {
            JournalPath = folder.File("journal.db"),
            Bundle = ClientBundle.Parse(new ClientBundle("device-1", "c", "k", "r", enrolment.Bytes).ToJson(), "bundle"),
            EveryRegisterIsNew = true,
            Time = time,
        };
        return new(folder, time, options, await InvoicingGateway.OpenAsync(options, NullLoggerFactory.Instance, default).Soon());
    }

    /// <summary>States the simulated shops' goods, by number and by the words that registers print.</summary>
    /// <param name="printed">Further items made of these, such as the names as a device prints them.</param>
    public async Task ImportGoodsAsync(Func<IEnumerable<CatalogueItem>, IEnumerable<CatalogueItem>>? printed = null)
    {
        CatalogueReading reading = CatalogueCsv.Read(Encoding.UTF8.GetBytes(ShopGoods.ToCsv()), CatalogueDrafting.Compose);
        Assert.Empty(reading.Faults);
        ShopCatalogue catalogue = reading.Catalogue!;
        await Gateway.ImportCatalogueAsync(
            printed is null ? catalogue : ShopCatalogue.Create([.. catalogue.Items, .. printed(catalogue.Items)], VietnameseText.Compose), "goods.csv").Soon();
    }

    /// <summary>Closes the gateway and opens it again over the same journal, in no time by the shop's clock. Nothing of it may be in use.</summary>
    public async Task ReopenAsync()
    {
        Time.Begin();
        try
        {
            await Gateway.DisposeAsync();
            Gateway = await InvoicingGateway.OpenAsync(_options, NullLoggerFactory.Instance, default);
            (Recorder, Captures) = (new(Gateway, Time), new(Gateway.Captures, Time));
        }
        finally
        {
            Time.End();
        }
    }

    public string File(string name) => _folder.File(name);

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Time.DisposeAsync();
        _folder.Dispose();
    }
}

using Invoicing.Authority.Enrolment;
using Invoicing.Chain;
using Invoicing.Invoices;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Enrolment;

public sealed class EnrollerTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public EnrollerTests()
    {
        Folder = new(_temp.File("authority"));
        CertificateAuthority.Create(Folder, ["authority.example"], TimeProvider.System);
    }

    private AuthorityFolder Folder { get; }

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task No_code_and_no_number_is_granted_twice_whoever_asks_at_once()
    {
        ClientBundle[] bundles = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => AddAsync($"shop-{i}")))).Soon(TimeSpan.FromSeconds(30));

        List<EnrolmentGrant> grants = [.. bundles.Select(b => EnrolmentGrant.Read(b.Enrolment)).OrderBy(g => g.Codes[0].First)];
        for (int i = 0; i < grants.Count; i++)
        {
            Assert.Equal((i * 100L, (i * 100L) + 99), (grants[i].Codes[0].First, grants[i].Codes[0].Last));
        }

        Assert.Equal(12 * 50, grants.SelectMany(g => Enumerable.Range(g.Numbers[0].First, g.Numbers[0].Count)).Distinct().Count());
        Assert.Equal(12, new ClientRegistry(Folder).List(ClientRole.Device).Count);
    }

    [Fact]
    public async Task What_was_granted_stays_granted_when_the_device_is_gone()
    {
        await AddAsync("shop-1");
        Directory.Delete(Folder.Devices, recursive: true);

        var next = EnrolmentGrant.Read((await AddAsync("shop-2")).Enrolment);
        Assert.Equal((100, 51), (next.Codes[0].First, next.Numbers[0].First));
    }

    [Fact]
    public async Task A_damaged_line_of_grants_stops_all_granting()
    {
        await AddAsync("shop-1");
        await File.AppendAllTextAsync(Folder.Grants, "codes A1B2C 1", TestContext.Current.CancellationToken);

        InvoicingException refusal = await Assert.ThrowsAsync<InvoicingException>(() => AddAsync("shop-2"));
        Assert.Contains("grants.log:3: expected", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_used_up_block_is_told()
    {
        InvoicingException refusal = await Assert.ThrowsAsync<InvoicingException>(() => AddAsync("shop-1", numbers: NumberRange.MaxNumber + 1));
        Assert.Contains("expected 100000000 numbers left", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_are_readable_by_their_owner_alone()
    {
        await AddAsync("shop-1");
        if (!OperatingSystem.IsWindows())
        {
            foreach (string key in (string[])[Folder.RootKey, Folder.ServerKey, Folder.WatermarkKey, Folder.Grants])
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
            }
        }
    }

    [Fact]
    public void A_root_is_never_made_anew_over_one_that_is_trusted()
    {
        InvoicingException refusal = Assert.Throws<InvoicingException>(() => CertificateAuthority.Create(Folder, [], TimeProvider.System));
        Assert.Contains("found a root that clients trust", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("shop 1")]
    [InlineData("shop,O=x")]
    public async Task A_name_that_would_mean_more_than_a_name_is_refused(string name) =>
        Assert.Contains("name: expected", (await Assert.ThrowsAsync<InvoicingException>(() => AddAsync(name))).Message, StringComparison.Ordinal);

    private Task<ClientBundle> AddAsync(string name, int numbers = 50) => new ClientEnroller(Folder, TimeProvider.System).AddDeviceAsync(
        new()
        {
            Name = name,
            Seller = new(TaxCode.Parse("0107001729"), "Một Ly", "Hà Nội"),
            Block = "A1B2C",
            Series = InvoiceSeries.Parse("C26MAA"),
            Codes = 100,
            Numbers = numbers,
        },
        TestContext.Current.CancellationToken);
}

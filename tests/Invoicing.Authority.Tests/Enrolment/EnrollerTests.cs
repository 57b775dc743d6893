using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Chain;
using Invoicing.Invoices;
using Invoicing.Sqlite;
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
        Assert.Equal(12, AuthorityRegistry.Read(Folder, q => q.List(ClientRole.Device)).Count);
        Assert.Equal(13, AuthorityRegistry.Read(Folder, q => q.AllActs().Count()));
    }

    [Fact]
    public async Task What_was_granted_stays_granted_when_the_device_is_gone()
    {
        await AddAsync("shop-1");
        using (var registry = AuthorityRegistry.Open(Folder, TimeProvider.System, _ => { }))
        {
            registry.SetStanding("os:test", "shop-1", ClientStanding.Revoked, "stolen");
        }

        var next = EnrolmentGrant.Read((await AddAsync("shop-2")).Enrolment);
        Assert.Equal((100, 51), (next.Codes[0].First, next.Numbers[0].First));
    }

    [Theory]
    [InlineData("UPDATE range_line SET next = 0", "a line of ranges only rises")]
    [InlineData("DELETE FROM range_line", "never removed")]
    [InlineData("INSERT INTO range_granted(kind, name, seller, first, last, client, granted_at) VALUES(1, 'A1B2C', '', 50, 99, 1, 0)", "begins where the one before it ended")]
    [InlineData("DELETE FROM range_granted", "never removed")]
    [InlineData("UPDATE range_granted SET last = 5", "never changed")]
    [InlineData("DELETE FROM act", "never removed")]
    [InlineData("UPDATE act SET body = x'00'", "never changed")]
    [InlineData("INSERT INTO act(number, body, signature) VALUES(9, x'00', zeroblob(64))", "acts run on")]
    [InlineData("UPDATE certificate SET certificate = x'00'", "never changed")]
    [InlineData("UPDATE device SET seller = 'other'", "never changed")]
    [InlineData("DELETE FROM client", "never removed")]
    public async Task What_must_hold_is_refused_by_the_file_itself(string sql, string refusal)
    {
        await AddAsync("shop-1");
        using var file = SqliteFile.OpenWriter(Folder.Registry);
        SqliteException fault = Assert.Throws<SqliteException>(() => file.Execute(sql));
        Assert.True(fault.IsConstraint, fault.Message);
        Assert.Contains(refusal, fault.Message, StringComparison.Ordinal);
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
            foreach (string key in (string[])[Folder.RootKey, Folder.IssuingKey, Folder.ServerKey, Folder.WatermarkKey])
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

using Invoicing.Testing;

namespace Invoicing.Gateway.Tests;

public sealed class GatewayOptionsTests
{
    [Fact]
    public void Defaults_are_what_they_are_for_a_reason()
    {
        var options = new GatewayOptions { JournalPath = "j" };

        Assert.Equal(TimeSpan.FromSeconds(3), options.DrainTimeout);
        Assert.Equal(TimeSpan.Zero, options.BuyerHold);
        Assert.Equal(TimeSpan.FromDays(3653), options.AttachmentRetention);
        Assert.Equal(TimeSpan.FromMilliseconds(500), options.ReconnectDelay);
        Assert.Equal(TimeSpan.FromSeconds(30), options.ReconnectCap);
        Assert.False(options.EveryRegisterIsNew);
        Assert.Empty(options.NewRegisters);
        Assert.Same(TimeProvider.System, options.Time);
    }

    public static TheoryData<GatewayOptions, string> Wrong { get; } = new()
    {
        { new() { JournalPath = string.Empty }, "JournalPath: expected a file, found none" },
        { new() { JournalPath = "j", Software = string.Empty }, "Software: expected 1 to 100 characters, found others" },
        { new() { JournalPath = "j", NewRegisters = default }, "NewRegisters: expected a list, found default" },
        { new() { JournalPath = "j", Authority = new("http://a") }, "Authority: expected https://host:port, found 'http://a/'" },
        { new() { JournalPath = "j", Authority = new("https://a") }, "IdentityPath, Bundle: expected this device's identity or the authority's bundle, which sending needs, found neither" },
        { new() { JournalPath = "j", BuyerHold = TimeSpan.FromMinutes(11) }, "BuyerHold: expected 0 to 00:10:00, found 00:11:00" },
        { new() { JournalPath = "j", DrainTimeout = TimeSpan.FromHours(1) }, "DrainTimeout: expected 0 to 5 minutes, found 01:00:00" },
        { new() { JournalPath = "j", ReconnectDelay = TimeSpan.Zero }, "ReconnectDelay, ReconnectCap: expected 0 < delay <= cap <= 1 hour, found 00:00:00 and 00:00:30" },
        { new() { JournalPath = "j", AttachmentRetention = TimeSpan.FromDays(-1) }, "AttachmentRetention: expected 0 or more, found -1.00:00:00" },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public async Task A_wrong_option_is_named(GatewayOptions options, string text)
    {
        ArgumentException fault = await Assert.ThrowsAsync<ArgumentException>(() => InvoicingGateway.OpenAsync(options));
        Assert.StartsWith(text, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_bundle_no_chain_is_begun_and_a_journal_goes_on()
    {
        using TestShop shop = new();
        GatewayOptions options = shop.Options with { Bundle = null };

        InvoicingException fault = await Assert.ThrowsAsync<InvoicingException>(() => InvoicingGateway.OpenAsync(options).Soon());
        Assert.Contains("expected a journal, or the authority's bundle or an identity to begin one with, found none of them", fault.Message, StringComparison.Ordinal);

        await (await shop.OpenAsync()).DisposeAsync().AsTask().Soon();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(options).Soon();
        await gateway.IssueAsync(TestShop.Sale(1)).Soon();
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(ulong.MaxValue)]
    public async Task A_sequence_that_none_can_have_is_a_programming_error(ulong sequence)
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => gateway.IssueAsync(TestShop.Sale(sequence)));
    }
}

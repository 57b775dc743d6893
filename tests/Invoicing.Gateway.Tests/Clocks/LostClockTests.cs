using Google.Protobuf;
using Invoicing.Chain;
using Invoicing.Gateway.Enrolment;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Recording;
using Invoicing.Gateway.Tests.Enrolment;
using Invoicing.Gateway.Tests.Uplink;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Clocks;

/// <summary>A till whose clock woke up in 1970, or somewhere else in the past.</summary>
public sealed class LostClockTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 9, 1, 8, 0, 0, TimeSpan.Zero);
    private readonly TestShop _shop = new();
    private readonly ManualTime _true = new(Start);
    private readonly EnrolmentScript _script;
    private ScriptedAuthority? _authority;

    public LostClockTests() => _script = new(_shop, _true);

    private string Identity => Path.Combine(_shop.Folder, "device");

    [Fact]
    public async Task It_renews_hears_the_time_sells_and_sends_without_a_hand_and_the_chain_says_so()
    {
        await EnrolledAsync();
        ChainState? chain = _authority!.Chain;
        await _authority.DisposeAsync();
        _true.Advance(TimeSpan.FromDays(120)); // its certificate was good for 90
        var till = new ManualTime(DateTimeOffset.UnixEpoch);
        await using (InvoicingGateway gateway = await OpenAsync(till))
        {
            Assert.False(gateway.IsClockPlausible);
            await Assert.ThrowsAsync<NotRecordedException>(() => gateway.IssueAsync(TestShop.Sale(2)).Soon());

            _authority = await ScriptedAuthority.StartAsync(_shop, _authority.Address.Port, _script);
            _authority.Chain = chain;
            await LinkTime.UntilAsync(till, () => gateway.IsClockPlausible, "told the time");
            IssuedInvoice issued = await gateway.IssueAsync(TestShop.Sale(2)).Soon();
            Assert.Equal(new DateOnly(2026, 12, 30), issued.Invoice.IssuedOn);
            Assert.True(gateway.Status.Clock.IsAuthority);
            Assert.Equal(RecordingState.On, gateway.Status.Recording.State);
            await gateway.IssueAsync(TestShop.Sale(3)).Soon();
            await LinkTime.UntilAsync(till, () => gateway.Status.Lag == 0, "sent");
            Assert.Single(_script.Renewals.Select(renewal => renewal.Request).Distinct());
            Assert.Equal(CertificateState.Good, gateway.Status.Identity!.State);
        }

        await AssertSoundAsync();
        EntryFields[] entries = Entries();
        ClockEvent step = Assert.Single(Turns());
        Assert.Equal("the system's clock is not plausible; the authority's time counts", step.Text);
        Assert.InRange(step.Before, 0, TimeSpan.FromDays(1).TotalMilliseconds);
        Assert.InRange(step.After, _true.GetUtcNow().ToUnixTimeMilliseconds(), _true.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds());
        Assert.Equal(entries.Select(entry => entry.RecordedAt).Order(), entries.Select(entry => entry.RecordedAt));
    }

    [Fact]
    public async Task A_renewal_that_is_refused_does_not_keep_a_till_in_1970_from_sending()
    {
        await EnrolledAsync();
        _script.Refusal = new(Grpc.Core.StatusCode.ResourceExhausted, "too many tries today");
        var till = new ManualTime(DateTimeOffset.UnixEpoch);
        await using InvoicingGateway gateway = await OpenAsync(till);

        await LinkTime.UntilAsync(till, () => gateway.Status.Sending.State == Gateway.Uplink.SendingState.Streaming, "streaming");
        await LinkTime.UntilAsync(
            till, () => gateway.Status.Identity!.Trouble?.Contains("too many tries today", StringComparison.Ordinal) == true, "told why");

        Assert.False(gateway.IsClockPlausible);
    }

    [Fact]
    public async Task Once_the_clock_is_set_it_counts_again_and_the_chain_says_that_too()
    {
        await EnrolledAsync();
        var till = new ManualTime(DateTimeOffset.UnixEpoch);
        await using (InvoicingGateway gateway = await OpenAsync(till))
        {
            await LinkTime.UntilAsync(till, () => gateway.IsClockPlausible, "told the time");
            await gateway.IssueAsync(TestShop.Sale(2)).Soon();
            Assert.True(gateway.Status.Clock.IsAuthority);
            till.StepWallClock(gateway.Status.Clock.AuthorityTime!.Value.AddMinutes(1) - till.GetUtcNow());
            await gateway.IssueAsync(TestShop.Sale(3)).Soon();

            Assert.False(gateway.Status.Clock.IsAuthority);
            Assert.Equal(TimeSpan.FromMinutes(1), gateway.Status.Clock.Difference);
            Assert.False(gateway.Status.Clock.IsRemarkable);
            till.StepWallClock(TimeSpan.FromMinutes(2));
            Assert.True(gateway.Status.Clock.IsRemarkable);
        }

        await AssertSoundAsync();
        Assert.Equal(
            ["the system's clock is not plausible; the authority's time counts", "the system's clock is plausible again, and counts"],
            Turns().Take(2).Select(step => step.Text));
    }

    [Fact]
    public async Task A_plausible_clock_is_never_overridden()
    {
        await EnrolledAsync();
        var till = new ManualTime(Start.AddDays(61));
        _script.Time = new ManualTime(Start.AddDays(91));
        await using (InvoicingGateway gateway = await OpenAsync(till))
        {
            await Waiting.Until(() => gateway.Status.Clock.Difference is not null, "told the time with the renewal that is due");
            await gateway.IssueAsync(TestShop.Sale(2)).Soon();
            Assert.Equal(TimeSpan.FromDays(-30), gateway.Status.Clock.Difference);
            Assert.False(gateway.Status.Clock.IsAuthority);
            Assert.True(gateway.Status.Clock.IsRemarkable);
        }

        Assert.Empty(Events());
        Assert.Equal(Start.AddDays(61).ToUnixTimeMilliseconds(), Entries()[^1].RecordedAt);
    }

    [Fact]
    public async Task An_authority_whose_time_is_before_the_last_entry_is_not_believed_either()
    {
        await EnrolledAsync();
        var till = new ManualTime(DateTimeOffset.UnixEpoch);
        _script.Time = new ManualTime(Start.AddMinutes(-10));
        await using InvoicingGateway gateway = await OpenAsync(till);
        await Waiting.Until(() => gateway.Status.Clock.Difference is not null, "told the time");

        NotRecordedException fault = await Assert.ThrowsAsync<NotRecordedException>(() => gateway.IssueAsync(TestShop.Sale(2)).Soon());

        Assert.Contains("the clock shows 1970-01-01", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_clock_that_comes_and_goes_does_not_fill_the_chain()
    {
        await EnrolledAsync();
        var till = new ManualTime(DateTimeOffset.UnixEpoch);
        await using (InvoicingGateway gateway = await OpenAsync(till))
        {
            await LinkTime.UntilAsync(till, () => gateway.IsClockPlausible, "told the time");
            TimeSpan far = gateway.Status.Clock.AuthorityTime!.Value - till.GetUtcNow() + TimeSpan.FromMinutes(1);
            for (int i = 0; i < 10; i++)
            {
                await gateway.IssueAsync(TestShop.Sale((ulong)(2 + (2 * i)))).Soon();
                till.StepWallClock(far);
                await gateway.IssueAsync(TestShop.Sale((ulong)(3 + (2 * i)))).Soon();
                till.StepWallClock(-far);
                till.Advance(TimeSpan.FromMinutes(2));
            }
        }

        await AssertSoundAsync();
        Assert.Equal(ClockWatch.MaxPerHour, Events().Length);
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

    /// <summary>Enrolled, and one sale recorded and delivered, by a clock that was right.</summary>
    private async Task EnrolledAsync()
    {
        _authority = await ScriptedAuthority.StartAsync(_shop, enrolment: _script);
        await DeviceEnrolment.EnrolAsync(new()
        {
            Authority = _authority.Address,
            Code = _script.NewCode(),
            IdentityPath = Identity,
            JournalPath = _shop.JournalPath,
            Time = _true,
        }).Soon();
        await using InvoicingGateway gateway = await OpenAsync(_true);
        await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        await Delivering.Delivered(gateway);
    }

    private Task<InvoicingGateway> OpenAsync(TimeProvider time) => InvoicingGateway.OpenAsync(new GatewayOptions
    {
        JournalPath = _shop.JournalPath,
        IdentityPath = Identity,
        Authority = _authority!.Address,
        EveryRegisterIsNew = true,
        Time = time,
        DrainTimeout = TimeSpan.Zero,
    }.Paused()).Soon();

    private async Task AssertSoundAsync()
    {
        JournalAuditReport report = await JournalAudit.RunAsync(_shop.JournalPath).Soon();
        Assert.True(report.IsSound, string.Join("; ", report.Faults));
    }

    private EntryFields[] Entries()
    {
        using var reader = JournalReader.Open(_shop.JournalPath);
        return [.. reader.ReadPage(0, 1000).Select(entry => EntryFields.Read(entry.Body.Span, out EntryFields fields) is null ? fields : default)];
    }

    /// <summary>
    /// Words about which clock counts. A test's clock that jumps between two looks of the recorder's is told as a step besides.
    /// </summary>
    private ClockEvent[] Turns() => [.. Events().Where(stated => stated.Text.StartsWith("the system's clock", StringComparison.Ordinal))];

    private ClockEvent[] Events()
    {
        using var reader = JournalReader.Open(_shop.JournalPath);
        return
        [
            .. reader.ReadPage(0, 1000).Where(entry => entry.Kind == EntryKind.DeviceEvent).Select(Read).Where(
                stated => stated.Kind == (int)DeviceEventType.ClockStep),
        ];
    }

    /// <summary>The fields of <c>entry.proto</c>, DeviceEventContent.</summary>
    private static ClockEvent Read(SignedEntry entry)
    {
        EntryFields.Read(entry.Body.Span, out EntryFields fields);
        var stated = new ClockEvent(0, string.Empty, 0, 0);
        using var input = new CodedInputStream(fields.Content(entry.Body.Span).ToArray());
        while (input.ReadTag() is not 0 and uint tag)
        {
            stated = WireFormat.GetTagFieldNumber(tag) switch
            {
                1 => stated with { Kind = input.ReadEnum() },
                2 => stated with { Text = input.ReadString() },
                3 => stated with { Before = input.ReadInt64() },
                4 => stated with { After = input.ReadInt64() },
                _ => throw new InvalidOperationException($"expected a field of a device event, found tag {tag}"),
            };
        }

        return stated;
    }

    private sealed record ClockEvent(int Kind, string Text, long Before, long After);
}

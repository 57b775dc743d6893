using System.Runtime.Versioning;
using System.Text.Json;
using Invoicing.Registers.Tlk.Conformance;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>The kit passes the reference client: all of it in virtual time, and what a real line may change over a pseudo-terminal.</summary>
[SupportedOSPlatform("linux")]
public sealed class ConformanceKitTests(ClientObjects client) : IDisposable
{
    /// <summary>A run over a pseudo-terminal in which every wait of the specification is a tenth; it only ends what hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>The whole kit over a pseudo-terminal with a cut after every byte takes a quarter of an hour, sealed forty minutes.</summary>
    private static readonly TimeSpan LongPatience = TimeSpan.FromHours(2);

    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_reference_client_passes_every_case_with_the_line_cut_after_every_byte(int seed)
    {
        ConformanceReport report = await StepAsync(new(), new(), seed);

        Assert.True(report.IsConforming, report.ToText());
        Assert.EndsWith("CONFORMS", report.ToText(), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(report.ToJson());
        Assert.True(json.RootElement.GetProperty("conforms").GetBoolean());
        Assert.Equal(ConformanceKit.Cases.Count, json.RootElement.GetProperty("cases").GetArrayLength());
        // Sealed frames need a key; this client takes leases and TIME.
        string[] left = [.. report.Findings.Where(f => f.Verdict == Verdict.NotApplicable).Select(f => f.Id)];
        Assert.Equal(["C112", "C122", "C130", "C131", "C132", "C133", "C134", "C135", "C136"], left);
    }

    [Fact]
    public async Task The_reference_client_passes_every_case_sealed_with_the_line_cut_after_every_byte()
    {
        ConformanceReport report = await StepAsync(new() { Key = Key }, new() { Key = Key });

        Assert.True(report.IsConforming, report.ToText());
        string[] left = [.. report.Findings.Where(f => f.Verdict == Verdict.NotApplicable).Select(f => f.Id)];
        Assert.Equal(["C112", "C122", "C137"], left);
    }

    [Fact]
    public async Task A_client_without_leases_and_TIME_passes_the_cases_that_say_so()
    {
        ConformanceReport report = await StepAsync(new() { Caps = 0 }, new() { Cases = ["C001", "C112", "C122"] });

        Assert.True(report.IsConforming, report.ToText());
        Assert.DoesNotContain(report.Findings, f => f.Verdict == Verdict.NotApplicable);
    }

    [Fact]
    public async Task A_register_with_another_key_does_not_conform_and_the_report_says_what_came()
    {
        ConformanceReport report = await StepAsync(new() { Key = [.. Enumerable.Repeat((byte)0x55, 32)] }, new() { Key = Key, Cases = ["C001"] });

        Assert.False(report.IsConforming);
        Assert.Contains("HELLO with a wrong seal", report.ToText(), StringComparison.Ordinal);
    }

    /// <summary>One case of each kind, the line really cut: the program is watched for memory faults meanwhile.</summary>
    [Fact]
    public async Task Over_a_pseudo_terminal_the_reference_client_passes()
    {
        ConformanceReport report = await PtyAsync(
            [], quick: true, "C001", "C003", "C008", "C018", "C020", "C040", "C043", "C047", "C053", "C060", "C080", "C085", "C101", "C104", "C110", "C113",
            "C121", "C142", "C144");

        Assert.True(report.IsConforming, report.ToText());
    }

    [Fact]
    public async Task Over_a_pseudo_terminal_the_reference_client_passes_sealed()
    {
        ConformanceReport report = await PtyAsync(Key, quick: true, "C001", "C043", "C130", "C132");

        Assert.True(report.IsConforming, report.ToText());
    }

    [Theory] // an hour both: the long run
    [Trait("run", "long")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Over_a_pseudo_terminal_the_reference_client_passes_every_case_with_the_line_cut_after_every_byte(bool isSealed)
    {
        ConformanceReport report = await PtyAsync(isSealed ? Key : [], quick: false);

        Assert.True(report.IsConforming, report.ToText());
    }

    [Fact]
    public void Every_case_has_a_number_of_its_own()
    {
        Assert.Distinct(ConformanceKit.Cases.Select(c => c[..4]));
    }

    [Fact]
    public async Task An_unknown_case_is_refused_with_the_range_there_is()
    {
        ArgumentException fault = await Assert.ThrowsAsync<ArgumentException>(() => ConformanceKit.RunAsync(
            new MemoryLine(), new ConformanceOptions { Cases = ["C999"] }, TestContext.Current.CancellationToken));

        Assert.StartsWith("case: expected one of C001..C147, found 'C999'", fault.Message, StringComparison.Ordinal);
    }

    private async Task<ConformanceReport> StepAsync(ClientIdentity who, ConformanceOptions options, int seed = 1)
    {
        ClientLibrary library = await client.LibraryAsync();
        return await SteppedKit.TestAsync(
            time => new SteppedClient(library, time, who).Filled(), options with { Sell = SteppedKit.Asked }, TestContext.Current.CancellationToken, seed);
    }

    private async Task<ConformanceReport> PtyAsync(byte[] key, bool quick, params string[] cases)
    {
        string program = _folder.File("register");
        await ReferenceBuild.WatchedProgramAsync(program, "host/tlk_register.c", await client.WatchedAsync());
        string[] pair = key.Length == 0 ? [] : ["--pair", Convert.ToHexString(key)];
        await using ReferenceRegister register = await ReferenceRegister.StartAsync(program, _folder, pair);
        return await register.TestAsync(key, quick, cases).Soon(quick ? Patience : LongPatience);
    }
}

using System.Runtime.Versioning;
using System.Text.Json;
using Invoicing.Registers.Tlk.Conformance;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>The kit passes the reference client.</summary>
[SupportedOSPlatform("linux")]
public sealed class ConformanceKitTests : IDisposable
{
    /// <summary>The whole kit takes a minute on an idle machine; CI shares its cores. It only ends what hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_reference_client_passes_every_case()
    {
        ConformanceReport report = await TestAsync([], quick: true);

        Assert.True(report.IsConforming, report.ToText());
        Assert.Contains("CONFORMS", report.ToText(), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(report.ToJson());
        Assert.True(json.RootElement.GetProperty("conforms").GetBoolean());
        Assert.Equal(ConformanceKit.Cases.Count, json.RootElement.GetProperty("cases").GetArrayLength());
    }

    [Fact] // many minutes: the long run
    [Trait("run", "long")]
    public async Task The_reference_client_passes_with_the_line_cut_after_every_byte_of_HELLO_WELCOME_a_record_and_ACK()
    {
        ConformanceReport report = await TestAsync([], quick: false, "C140", "C141", "C142", "C144", "C145", "C147");

        Assert.True(report.IsConforming, report.ToText());
    }

    [Fact]
    public async Task The_reference_client_passes_sealed()
    {
        ConformanceReport report = await TestAsync(
            Key, quick: true, "C001", "C013", "C025", "C040", "C043", "C053", "C080", "C111", "C130", "C131", "C132", "C133", "C134", "C135", "C136", "C141");

        Assert.True(report.IsConforming, report.ToText());
    }

    [Fact]
    public async Task A_register_with_another_key_does_not_conform_and_the_report_says_what_came()
    {
        string program = await BuildAsync();
        await using ReferenceRegister register = await ReferenceRegister.StartAsync(program, _folder, "--pair", new string('5', 64));

        ConformanceReport report = await register.TestAsync(Key, quick: true, "C001").Soon(Patience);

        Assert.False(report.IsConforming);
        Assert.Contains("HELLO with a wrong seal", report.ToText(), StringComparison.Ordinal);
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

    private async Task<string> BuildAsync()
    {
        string program = _folder.File("register");
        await ReferenceBuild.ProgramAsync(program, "host/tlk_register.c");
        return program;
    }

    private async Task<ConformanceReport> TestAsync(byte[] key, bool quick, params string[] cases)
    {
        string program = await BuildAsync();
        string[] pair = key.Length == 0 ? [] : ["--pair", Convert.ToHexString(key)];
        await using ReferenceRegister register = await ReferenceRegister.StartAsync(program, _folder, pair);
        return await register.TestAsync(key, quick, cases).Soon(Patience);
    }
}

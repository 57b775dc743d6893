using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Invoicing.Testing;

namespace Invoicing.Architecture.Tests;

/// <summary>The units under which the programs run as services: systemd's own checker reads them, and judges what they still leave open.</summary>
public sealed partial class ServiceUnitTests
{
    /// <summary>systemd's scale goes from 0 (shut) to 10 (open); a service without any setting has 9.6.</summary>
    private const double MostExposed = 2.5;

    public static TheoryData<string> Units => new(
        Directory.GetFiles(RepositoryFolder.File("src"), "*.service", SearchOption.AllDirectories).Where(path => !path.Contains("/bin/", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Units))]
    public async Task A_unit_is_one_that_systemd_reads_without_a_complaint(string unit)
    {
        string said = await AnalyzeAsync("verify", "--man=no", unit);

        // The programs are not installed here.
        Assert.DoesNotContain(said.Split('\n'), line => line.Length > 0 && !line.Contains("is not executable: No such file or directory", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Units))]
    public async Task A_unit_leaves_little_open(string unit)
    {
        string said = await AnalyzeAsync("security", "--offline=yes", "--no-pager", unit);
        Match level = Level().Match(said);
        Assert.True(level.Success, said);
        Assert.InRange(double.Parse(level.Groups["level"].Value, CultureInfo.InvariantCulture), 0, MostExposed);
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void A_unit_takes_every_right_that_its_program_has_no_use_for(string unit)
    {
        string[] lines = File.ReadAllLines(unit);
        Assert.All(
            (string[])["NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "RestrictNamespaces=yes",
                "SystemCallFilter=@system-service", "DevicePolicy=closed", "UMask=0077", "LimitCORE=0", "StateDirectoryMode=0700"],
            wanted => Assert.Contains(wanted, lines));
    }

    [Fact]
    public void Both_services_have_one() => Assert.Equal(2, Units.Count);

    private static async Task<string> AnalyzeAsync(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("systemd-analyze", arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).Soon(TimeSpan.FromSeconds(60));
        return await output + await errors;
    }

    [GeneratedRegex(@"Overall exposure level for .*: (?<level>\d+\.\d+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Level();
}

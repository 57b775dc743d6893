using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Invoicing.Registers.Lines;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>Plays a scripted gateway against a register that claims TLK/1, case by case, and says which rules it keeps.</summary>
/// <remarks>
/// The register is a real one or a program: only its line is used, and a way to have it ring up a sale. It must be one that may be
/// tested: the kit answers its sales with codes of its own, so what it sold is no invoice. Its journal goes on from where it was.
/// </remarks>
public static class ConformanceKit
{
    /// <summary>Cases in a row without a HELLO after which the others are not tried: the register is gone.</summary>
    private const int SilentCases = 3;

    private static readonly ImmutableArray<ConformanceCase> AllCases =
    [
        .. FramingCases.All, .. GreetingCases.All, .. RecordCases.All, .. RefusalCases.All, .. RecoveryCases.All, .. StatusCases.All,
        .. LeaseCases.All, .. SealCases.All, .. CutCases.All,
    ];

    /// <summary>Numbers and titles of all cases.</summary>
    public static IReadOnlyList<string> Cases => [.. AllCases.Select(c => $"{c.Id} {c.Title}")];

    /// <summary>Runs the cases.</summary>
    /// <param name="line">Where the register hangs. Stays the caller's.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="ArgumentException">An option is outside of its range, or a case is unknown: says which.</exception>
    public static async Task<ConformanceReport> RunAsync(ILine line, ConformanceOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(options);
        ConformanceCase[] cases = Chosen(options);
        Bench bench = new(line, options) { Cancel = cancellationToken };
        await using ConfiguredAsyncDisposable end = bench.ConfigureAwait(false);
        List<CaseFinding> findings = [];
        foreach (ConformanceCase one in cases)
        {
            bool isSilent = bench.Hello is null && findings.Count >= SilentCases;
            CaseFinding finding = isSilent
                ? new(one.Id, one.Title, one.Rule, Verdict.NotApplicable, "", "not run, as the register says no HELLO", TimeSpan.Zero)
                : await RunAsync(bench, one).ConfigureAwait(false);
            findings.Add(finding);
            options.Progress?.Invoke(ConformanceReport.LineOf(finding));
        }

        string register = bench.Hello is { } hello
            ? string.Create(CultureInfo.InvariantCulture, $"{hello.Serial} ({hello.Model} {hello.Firmware})")
            : "";
        return new(line.Name, register, [.. findings]);
    }

    private static ConformanceCase[] Chosen(ConformanceOptions options)
    {
        if (options.TimeScale is < 1 or > ConformanceOptions.LargestTimeScale)
        {
            throw new ArgumentException($"time scale: expected 1..{ConformanceOptions.LargestTimeScale}, found {options.TimeScale}", nameof(options));
        }

        if (options.Key.Length is not (0 or 32))
        {
            throw new ArgumentException($"key: expected 32 bytes, found {options.Key.Length}", nameof(options));
        }

        string? unknown = options.Cases.FirstOrDefault(id => !AllCases.Any(c => string.Equals(c.Id, id, StringComparison.OrdinalIgnoreCase)));
        return unknown is null
            ? [.. AllCases.Where(c => options.Cases.Count == 0 || options.Cases.Contains(c.Id, StringComparer.OrdinalIgnoreCase))]
            : throw new ArgumentException($"case: expected one of {AllCases[0].Id}..{AllCases[^1].Id}, found '{unknown}'", nameof(options));
    }

    private static async Task<CaseFinding> RunAsync(Bench bench, ConformanceCase one)
    {
        long began = bench.Now;
        CaseFinding Found(Verdict verdict, string rule, string expected, string came) =>
            new(one.Id, one.Title, rule, verdict, expected, came, TimeSpan.FromMilliseconds(bench.Now - began));

        if (one.IsLong && bench.Options.IsQuick && bench.Options.TimeScale == 1)
        {
            return Found(Verdict.NotApplicable, one.Rule, "", "left out of a quick run, as it takes a minute or more");
        }

        try
        {
            bench.IsMute = false;
            if (!one.IsCold)
            {
                await bench.SettleAsync().ConfigureAwait(false);
            }

            await one.Run(bench).ConfigureAwait(false);
            return bench.Ledger.TakeBroken() is { } broken
                ? Found(Verdict.Fail, broken.Rule ?? one.Rule, broken.Expected, broken.Came)
                : Found(Verdict.Pass, one.Rule, "", "");
        }
        catch (RuleBrokenException broken)
        {
            // What was broken first explains the rest.
            RuleBrokenException first = bench.Ledger.TakeBroken() ?? broken;
            return Found(Verdict.Fail, first == broken ? one.Rule : $"{one.Rule}, {first.Rule}", first.Expected, first.Came);
        }
        catch (NotApplicableException why)
        {
            return Found(Verdict.NotApplicable, one.Rule, "", why.Message);
        }
    }
}

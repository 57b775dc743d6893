using FirmwareSim.Failures;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>A thousand sales with every fault that a kind has, by seed, on a cable that is cut again and again.</summary>
internal static class BadDay
{
    /// <summary>Makes a bad day of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="seed">Decides what strikes when.</param>
    /// <param name="cuts">How often the cable is cut.</param>
    /// <param name="bytes">Within so many of the run's first bytes.</param>
    /// <param name="except">Faults that are left out; why stands where it is said.</param>
    internal static TillRun Of(TillRun run, int seed, int cuts, long bytes, params Fault[] except)
    {
        Random random = new(seed);
        return run with
        {
            Name = $"{run.Name}, all faults, seed {seed}",
            Sales = 1000,
            Seed = seed,
            Rate = 2,
            SpecialPercent = 5,
            DayCloseEvery = 100,
            Except = except,
            Cuts = [.. Enumerable.Range(0, cuts).Select(_ => random.NextInt64(bytes))],
        };
    }
}

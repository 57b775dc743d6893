using Invoicing.Registers.Tlk.Conformance;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>Runs the kit against a register that is stepped: on one thread, in virtual time, the same each time.</summary>
internal static class SteppedKit
{
    /// <summary>Two shared cores; it only ends what hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>As <see cref="ConformanceOptions.Sell"/>: the register rings up when it is asked to. Without it, it must sell by itself.</summary>
    internal static Func<int, CancellationToken, Task> Asked { get; } = (_, _) => Task.CompletedTask;

    /// <summary>Tests the register that <paramref name="start"/> makes over the clock that it is given, and disposes of it.</summary>
    /// <param name="start">Makes the register; called once.</param>
    /// <param name="options">How; the clock is set here.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <param name="seed">How bytes are cut into pieces on the way.</param>
    internal static Task<ConformanceReport> TestAsync(
        Func<ManualTime, ISteppedRegister> start, ConformanceOptions options, CancellationToken cancellationToken, int seed = 1)
    {
        // On a thread without a context: nothing may be put off to another thread, or the clock would run on meanwhile.
        return Task.Run(() => StepAsync(start, options, seed, cancellationToken), cancellationToken).Soon(Patience);
    }

    private static async Task<ConformanceReport> StepAsync(
        Func<ManualTime, ISteppedRegister> start, ConformanceOptions options, int seed, CancellationToken cancellationToken)
    {
        ManualTime time = new();
        using ISteppedRegister register = start(time);
        await using SteppedLine line = new(register, time, seed);
        Task Sell(int lines, CancellationToken cancel)
        {
            line.Sell(lines);
            return Task.CompletedTask;
        }

        Task<ConformanceReport> run = ConformanceKit.RunAsync(
            line, options with { Time = time, SalePatience = TimeSpan.FromSeconds(20), Sell = options.Sell is null ? null : Sell }, cancellationToken);
        while (!run.IsCompleted)
        {
            // It pauses with the line down: nobody reads, so nobody else moves the clock.
            time.Advance(time.NextDue ?? throw new InvalidOperationException("the kit waits for something that is not time"));
        }

        return await run;
    }
}

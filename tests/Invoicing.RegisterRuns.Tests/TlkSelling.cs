using FirmwareSim.Running;
using Invoicing.Registers.Tlk;
using Invoicing.Testing;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>A TLK/1 register and its driver, together until the register has sold all and has all answers.</summary>
internal static class TlkSelling
{
    /// <summary>Far beyond what the longest run takes on a busy machine: a run that hangs ends as a failed one.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Runs both; a fault of either is the test's.</summary>
    internal static async Task RunAsync(TlkDriver driver, SimulatedRegister register)
    {
        using CancellationTokenSource stop = new();
        Task serving = driver.RunAsync(stop.Token);
        Task selling = register.RunAsync(stop.Token);
        await Task.WhenAny(serving, selling).Soon(Limit);
        await stop.CancelAsync();
        await Task.WhenAll(serving, selling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.True(selling.IsCompletedSuccessfully, $"{serving.Exception} {selling.Exception}");
    }
}

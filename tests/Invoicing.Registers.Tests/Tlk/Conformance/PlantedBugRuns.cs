using System.Runtime.Versioning;
using Invoicing.Registers.Tlk.Conformance;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>All planted bugs at once, each against its own case: they mostly wait, and each has a pseudo-terminal of its own.</summary>
[SupportedOSPlatform("linux")]
public sealed class PlantedBugRuns : IDisposable
{
    /// <summary>Compilers at a time on two cores.</summary>
    private const int AtOnce = 4;

    private readonly SemaphoreSlim _turns = new(AtOnce);
    private readonly Lazy<Dictionary<string, Task<ConformanceReport>>> _runs;

    public PlantedBugRuns() => _runs = new(Start);

    internal Task<ConformanceReport> ReportAsync(string name) => _runs.Value[name];

    public void Dispose() => _turns.Dispose();

    /// <summary>Outside of the test that asks first, as the runs outlive it.</summary>
    private Dictionary<string, Task<ConformanceReport>> Start()
    {
        using AsyncFlowControl apart = ExecutionContext.SuppressFlow();
        return PlantedBug.Names.ToDictionary(row => row.Data, row => Task.Run(() => RunAsync(row.Data)), StringComparer.Ordinal);
    }

    private async Task<ConformanceReport> RunAsync(string name)
    {
        await _turns.WaitAsync(CancellationToken.None); // shared by all tests of the class: none of them may end it
        try
        {
            var bug = PlantedBug.Read(name);
            using TempFolder folder = new();
            string program = await bug.BuildAsync(folder);
            await using ReferenceRegister register = await ReferenceRegister.StartAsync(program, folder);
            return await register.TestAsync([], quick: true, bug.Case);
        }
        finally
        {
            _turns.Release();
        }
    }
}

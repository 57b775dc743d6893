using Invoicing.Registers.Lines;

namespace Invoicing.Registers.Tests.Lines;

/// <summary>Finds what the test says and signals when it says so.</summary>
internal sealed class FakePorts(Func<string, string> find) : IPortFinder
{
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Changed => Volatile.Read(ref _changed).Task;

    public string Find(string address) => find(address);

    internal void Signal() =>
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}

using Invoicing.Testing;

namespace FirmwareSim.Tests.Tills;

/// <summary>A clock of its own that runs as fast as the machine lets it: five seconds of waiting cost a fraction of one.</summary>
/// <remarks>It stands still until everybody who is awake had a turn; who is slow only sees more of its time go by, as on a slow line.</remarks>
internal sealed class RunningTime : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public RunningTime() => _running = Task.Run(RunAsync, CancellationToken.None);

    public ManualTime Time { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Time.Advance(Step);
            await Task.Delay(1, CancellationToken.None);
        }
    }
}

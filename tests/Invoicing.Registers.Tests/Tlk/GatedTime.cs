namespace Invoicing.Registers.Tests.Tlk;

/// <summary>A clock whose timers stop at a gate when they are disposed of asynchronously.</summary>
internal sealed class GatedTime(TimeProvider time, Gate gate) : TimeProvider
{
    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new GatedTimer(time.CreateTimer(callback, state, dueTime, period), gate);

    private sealed class GatedTimer(ITimer timer, Gate gate) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync()
        {
            timer.Dispose();
            return gate.PassAsync();
        }
    }
}

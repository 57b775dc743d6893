using Grpc.Core;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Chain;

namespace Invoicing.Authority;

/// <summary>Ends the open streams of clients that were put out: at once, and again in the two seconds behind it.</summary>
/// <remarks>A stream is let in first and found among the open ones a moment later: one that was let in just before its client was put out is met then.</remarks>
internal sealed class StreamEnding : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly Action<ChainId, StatusCode, string> _intake;
    private readonly Action<long, Status> _feed;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private List<StandingChange> _newest = [];
    private List<StandingChange> _older = [];

    /// <summary>Makes it.</summary>
    /// <param name="intake">Ends the streams of a device's enrolment.</param>
    /// <param name="feed">Ends the streams of a reader of the feed.</param>
    /// <param name="time">The clock.</param>
    public StreamEnding(Action<ChainId, StatusCode, string> intake, Action<long, Status> feed, TimeProvider time)
    {
        _intake = intake;
        _feed = feed;
        _timer = time.CreateTimer(_ => Again(), null, Pace, Pace);
    }

    /// <summary>A client was put out. Never waits.</summary>
    public void End(StandingChange change)
    {
        if (change.Enrolment is null)
        {
            _feed(change.Client, change.Status);
            return;
        }

        lock (_gate)
        {
            _newest.Add(change);
        }

        EndDevice(change);
    }

    /// <summary>Ends the timer.</summary>
    public void Dispose() => _timer.Dispose();

    /// <summary>Devices only: a reader of the feed is let in a second time once its stream can be found, and may have come back with another scope.</summary>
    private void Again()
    {
        StandingChange[] due;
        lock (_gate)
        {
            due = [.. _older, .. _newest];
            (_older, _newest) = (_newest, []);
        }

        foreach (StandingChange change in due)
        {
            EndDevice(change);
        }
    }

    private void EndDevice(StandingChange change) => _intake(change.Enrolment!.Value, change.Status.StatusCode, change.Status.Detail);
}

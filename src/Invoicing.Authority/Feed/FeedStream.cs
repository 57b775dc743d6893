using Grpc.Core;

namespace Invoicing.Authority.Feed;

/// <summary>One open stream of the feed, and how it is ended from outside.</summary>
internal sealed class FeedStream : IDisposable
{
    /// <summary>How long a reader who is put out may take to read what is under way, before the stream is cut without a word.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _ends;
    private readonly Action _abort;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private bool _isOver;

    /// <summary>Makes a stream.</summary>
    /// <param name="client">Who reads.</param>
    /// <param name="abort">Cuts it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="call">Ends with the call.</param>
    /// <param name="stopping">Ends with the server.</param>
    public FeedStream(long client, Action abort, TimeProvider time, CancellationToken call, CancellationToken stopping)
    {
        Client = client;
        _abort = abort;
        _time = time;
        _ends = CancellationTokenSource.CreateLinkedTokenSource(call, stopping);
    }

    /// <summary>Who reads.</summary>
    public long Client { get; }

    /// <summary>Cancelled when the stream must end.</summary>
    public CancellationToken Token => _ends.Token;

    /// <summary>What the reader is told; <see langword="null"/> unless he was put out.</summary>
    public Status? Status { get; private set; }

    /// <summary>Ends the stream; one whose reader does not read is cut.</summary>
    public void End(Status status)
    {
        lock (_gate)
        {
            if (_isOver || Status is not null)
            {
                return;
            }

            Status = status;
            _timer = _time.CreateTimer(_ => Cut(), null, Grace, Timeout.InfiniteTimeSpan);
            _ends.Cancel();
        }
    }

    /// <summary>The stream is over.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            _timer?.Dispose();
            _ends.Dispose();
        }
    }

    private void Cut()
    {
        lock (_gate)
        {
            if (!_isOver)
            {
                _abort();
            }
        }
    }
}

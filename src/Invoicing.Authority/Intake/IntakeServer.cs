using System.Collections.Concurrent;
using Grpc.Core;
using Invoicing.Authority.Ledger;
using Invoicing.Chain;

namespace Invoicing.Authority.Intake;

/// <summary>All streams of intake: who holds which chain, and what they share.</summary>
internal sealed class IntakeServer(
    LedgerWriter writer, VerifyStage stage, LedgerReaders readers, Func<string, IReadOnlyList<EnrolmentGrant>> grantsOf, TimeProvider time,
    ILoggerFactory loggers)
{
    private readonly ConcurrentDictionary<ChainId, IntakeStream> _holders = new();
    private readonly ConcurrentDictionary<IntakeStream, ChainId> _streams = new();
    private volatile bool _isStopping;

    /// <summary>The ledger's writer.</summary>
    public LedgerWriter Writer { get; } = writer;

    /// <summary>The verifying threads.</summary>
    public VerifyStage Stage { get; } = stage;

    /// <summary>Connections that read the ledger.</summary>
    public LedgerReaders Readers { get; } = readers;

    /// <summary>What all streams may have buffered.</summary>
    public BufferBudget Budget { get; } = new(IntakeLimits.BufferedBytes);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Streams that are open.</summary>
    public int StreamCount => _streams.Count;

    /// <summary>Log of the streams.</summary>
    public ILogger<IntakeStream> Logger { get; } = loggers.CreateLogger<IntakeStream>();

    /// <summary>Runs one stream to its end.</summary>
    /// <exception cref="RpcException">The status that it ended with, unless OK.</exception>
    public async Task RunAsync(
        EnrolmentGrant grant, IAsyncStreamReader<IntakeFrame> requests, IServerStreamWriter<Invoicing.Protos.V1.IntakeResponse> responses,
        CancellationToken cancellationToken)
    {
        if (_isStopping || _streams.Count >= IntakeLimits.Streams)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, _isStopping ? "shutting down: try again later" : $"{IntakeLimits.Streams} streams are open: try again later"));
        }

        string seller = grant.Seller.TaxCode.ToString();
        var stream = new IntakeStream(this, grant, new(grant, () => grantsOf(seller)));
        _streams.TryAdd(stream, grant.Id);
        try
        {
            if (_isStopping)
            {
                stream.Stop(StatusCode.Unavailable, "shutting down: try again later", isGraceful: true);
            }

            await stream.RunAsync(requests, responses, cancellationToken);
        }
        finally
        {
            _streams.TryRemove(stream, out _);
            if (stream.Chain is { } chain)
            {
                _holders.TryRemove(new(chain, stream));
            }
        }
    }

    /// <summary>Makes a stream the holder of its chain and ends the one before it: its frames that are not with the writer yet go nowhere.</summary>
    public void Fence(ChainId chain, IntakeStream stream)
    {
        IntakeStream? older = null;
        _holders.AddOrUpdate(chain, stream, (_, current) =>
        {
            older = current;
            return stream;
        });
        if (older is not null && older != stream)
        {
            older.Stop(StatusCode.Aborted, "fenced by a newer hello of the same chain", isGraceful: false);
        }
    }

    /// <summary>Ends the streams of a device that was put out.</summary>
    public void EndStreams(ChainId enrolment, StatusCode code, string text)
    {
        foreach ((IntakeStream stream, ChainId device) in _streams)
        {
            if (device == enrolment)
            {
                stream.Stop(code, text, isGraceful: false);
            }
        }
    }

    /// <summary>Ends all streams behind what they have under way.</summary>
    public void Stop()
    {
        _isStopping = true;
        foreach (IntakeStream stream in _streams.Keys)
        {
            stream.Stop(StatusCode.Unavailable, "shutting down: try again later", isGraceful: true);
        }
    }
}

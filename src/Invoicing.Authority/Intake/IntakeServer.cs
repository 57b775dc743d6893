using System.Collections.Concurrent;
using Grpc.Core;
using Invoicing.Authority.Ledger;
using Invoicing.Chain;

namespace Invoicing.Authority.Intake;

/// <summary>All streams of intake: who holds which chain, and what they share.</summary>
internal sealed partial class IntakeServer
{
    private readonly IntakeGrants _grants;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<IntakeStream, bool> _streams = new();
    private volatile bool _isStopping;

    /// <summary>Makes a server.</summary>
    /// <param name="writer">The ledger's writer.</param>
    /// <param name="stage">The verifying threads.</param>
    /// <param name="readers">Connections that read the ledger.</param>
    /// <param name="grants">What devices were granted, and further ranges.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where it logs to.</param>
    public IntakeServer(
        LedgerWriter writer, VerifyStage stage, LedgerReaders readers, IntakeGrants grants, TimeProvider time, ILoggerFactory loggers)
    {
        Writer = writer;
        Stage = stage;
        Readers = readers;
        Time = time;
        _grants = grants;
        _logger = loggers.CreateLogger<IntakeServer>();
        Logger = loggers.CreateLogger<IntakeStream>();
        Claims = new(time, Alarm);
    }

    /// <summary>The ledger's writer.</summary>
    public LedgerWriter Writer { get; }

    /// <summary>Who delivers which chain.</summary>
    public ChainClaims Claims { get; }

    /// <summary>The verifying threads.</summary>
    public VerifyStage Stage { get; }

    /// <summary>Connections that read the ledger.</summary>
    public LedgerReaders Readers { get; }

    /// <summary>What all streams may have buffered.</summary>
    public BufferBudget Budget { get; } = new(IntakeLimits.BufferedBytes);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Streams that are open.</summary>
    public int StreamCount => _streams.Count;

    /// <summary>Log of the streams.</summary>
    public ILogger<IntakeStream> Logger { get; }

    /// <summary>Runs one stream to its end.</summary>
    /// <exception cref="RpcException">The status that it ended with, unless OK.</exception>
    public async Task RunAsync(
        EnrolmentGrant grant, IntakePeer peer, IAsyncStreamReader<IntakeFrame> requests, IServerStreamWriter<Invoicing.Protos.V1.IntakeResponse> responses,
        CancellationToken cancellationToken)
    {
        if (_isStopping || _streams.Count >= IntakeLimits.Streams)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, _isStopping ? "shutting down: try again later" : $"{IntakeLimits.Streams} streams are open: try again later"));
        }

        var stream = new IntakeStream(this, grant, peer, _grants);
        _streams.TryAdd(stream, true);
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
                Claims.Leave(chain, stream);
            }
        }
    }

    /// <summary>Ends all streams of a device at once: it was suspended, revoked or retired.</summary>
    /// <param name="enrolment">The device.</param>
    /// <param name="code">Status that its calls end with.</param>
    /// <param name="text">Why.</param>
    public void EndStreams(ChainId enrolment, StatusCode code, string text)
    {
        foreach (IntakeStream stream in _streams.Keys)
        {
            if (stream.Grant.Id == enrolment)
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

    private void Alarm(EnrolmentGrant grant, string text)
    {
        LogAlarm(text);
        try
        {
            _grants.Alarm(grant, text);
        }
        catch (Exception fault) when (fault is InvoicingException or ObjectDisposedException)
        {
            // On a thread of the pool: what keeps the act from being noted (the server stops, the disk is full) must not end the process.
            LogNotNoted(fault.Message);
        }
    }

    [LoggerMessage(3008, LogLevel.Error, "An alarm could not be noted as an act: {Reason}")]
    private partial void LogNotNoted(string reason);

    [LoggerMessage(3004, LogLevel.Warning, "Alarm: {Text}")]
    private partial void LogAlarm(string text);
}

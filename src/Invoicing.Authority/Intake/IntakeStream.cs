using System.Security.Cryptography;
using Grpc.Core;
using Invoicing.Authority.Gate;
using Invoicing.Authority.Ledger;
using Invoicing.Chain;
using Invoicing.Protos.V1;

namespace Invoicing.Authority.Intake;

/// <summary>Runs one stream: feeds <see cref="IntakeSession"/> what happens and does what it says. Nothing is decided here.</summary>
/// <remarks>
/// Steps are made under a lock, and what they ask for is handed on under it, so effects keep their order; none of them waits. One task reads,
/// one writes; the ledger's writer and the verifying threads only make steps.
/// </remarks>
internal sealed partial class IntakeStream
{
    private readonly IntakeServer _server;
    private readonly EntryJudge _judge;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Outbox _outbox = new();
    private readonly List<IntakeEffect> _effects = [];
    private readonly IntakeGrants _grants;
    private readonly ReaderPatience _patience;
    private IntakeState _state;
    private Task _granting = Task.CompletedTask;
    private IntakeEffect.End? _end;
    private long _buffered;
    private bool _isOver;

    /// <summary>Makes a stream.</summary>
    /// <param name="server">What all streams share.</param>
    /// <param name="grant">What was granted to the caller.</param>
    /// <param name="peer">The caller's end.</param>
    /// <param name="grants">Grants further ranges.</param>
    public IntakeStream(IntakeServer server, EnrolmentGrant grant, IntakePeer peer, IntakeGrants grants)
    {
        _server = server;
        _grants = grants;
        string seller = grant.Seller.TaxCode.ToString();
        _judge = new(grant, () => grants.GrantsOfSeller(seller), grants.Further);
        _logger = server.Logger;
        Peer = peer.Address;
        _patience = new(server.Time, () =>
        {
            LogSlow(Chain?.ToString() ?? "unknown", Peer, ReaderPatience.Limit);
            peer.Cut();
        });
        _state = new() { Grant = grant, Nonce = RandomNumberGenerator.GetBytes(PossessionProof.NonceLength) };
    }

    /// <summary>Where the caller is.</summary>
    public string Peer { get; }

    /// <summary>What was granted to the caller.</summary>
    public EnrolmentGrant Grant => _state.Grant;

    /// <summary>Names the run of the caller's program, once its hello is proven.</summary>
    public ReadOnlyMemory<byte> Instance { get; private set; }

    /// <summary>The chain that the stream holds, once it does.</summary>
    public ChainId? Chain { get; private set; }

    /// <summary>Runs to the end.</summary>
    public async Task RunAsync(
        IAsyncStreamReader<IntakeFrame> requests, IServerStreamWriter<IntakeResponse> responses, CancellationToken cancellationToken)
    {
        using var stopReading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Step(new IntakeInput.Started());
        await using ITimer greeting = _server.Time.CreateTimer(_ => Step(new IntakeInput.GreetingIsOver()), null, IntakeLimits.GreetingTime, Timeout.InfiniteTimeSpan);
        Task read = ReadAsync(requests, stopReading.Token);
        try
        {
            await WriteAsync(responses, cancellationToken);
        }
        finally
        {
            // The caller is gone, or the stream is over: nothing more is taken, and what is under way is stored without an answer.
            Step(new IntakeInput.Stopped(StatusCode.Cancelled, "the call is over", IsGraceful: false));
            await stopReading.CancelAsync();
            await read;
            await _granting;
            lock (_gate)
            {
                _isOver = true;
                _server.Budget.Release(_buffered);
            }
        }

        if (_end is { } end && end.Code != StatusCode.OK)
        {
            LogEnded(Chain?.ToString() ?? "unknown", end.Code, end.Text);
            throw new RpcException(new Status(end.Code, end.Text));
        }
    }

    /// <summary>Ends the stream from outside.</summary>
    public void Stop(StatusCode code, string text, bool isGraceful) => Step(new IntakeInput.Stopped(code, text, isGraceful));

    /// <summary>Tells the stream what happened elsewhere.</summary>
    public void Tell(IntakeInput input) => Step(input);

    private async Task ReadAsync(IAsyncStreamReader<IntakeFrame> requests, CancellationToken cancellationToken)
    {
        try
        {
            Task<bool> next = requests.MoveNext(cancellationToken);
            while (await next)
            {
                // Whatever waits on the stream is verified as one run.
                var frames = new List<IntakeFrame>();
                int entries = 0;
                do
                {
                    frames.Add(requests.Current);
                    entries += requests.Current is IntakeFrame.Run run ? run.Entries.Count : 0;
                    next = requests.MoveNext(cancellationToken);
                }
                while (entries < IntakeLimits.BatchEntries && next.IsCompletedSuccessfully && await next);
                await BufferAsync(frames);
                Step(new IntakeInput.Frames(frames));
            }

            Step(new IntakeInput.Finished());
        }
        catch (OperationCanceledException)
        {
            Step(new IntakeInput.Stopped(StatusCode.Cancelled, "the caller has gone", IsGraceful: false));
        }
        catch (IOException)
        {
            Step(new IntakeInput.Stopped(StatusCode.Cancelled, "the connection was lost", IsGraceful: false));
        }
        catch (RpcException fault)
        {
            Step(new IntakeInput.Stopped(fault.StatusCode, fault.Status.Detail, IsGraceful: false));
        }
        catch (InvalidOperationException) when (cancellationToken.IsCancellationRequested)
        {
            Step(new IntakeInput.Stopped(StatusCode.Cancelled, "the call is over", IsGraceful: false));
        }
    }

    private async Task BufferAsync(List<IntakeFrame> frames)
    {
        long bytes = frames.OfType<IntakeFrame.Run>().Sum(f => (long)f.Bytes);
        await _server.Budget.TakeAsync(bytes);
        lock (_gate)
        {
            _buffered += bytes;
        }
    }

    private void Step(IntakeInput input)
    {
        lock (_gate)
        {
            if (input is IntakeInput.Answered answered && !_isOver)
            {
                _server.Budget.Release(answered.Bytes);
                _buffered -= answered.Bytes;
            }

            _state = IntakeSession.Step(_state, input, _effects);
            for (int i = 0; i < _effects.Count; i++)
            {
                Do(_effects[i]);
            }

            _effects.Clear();
        }
    }

    /// <summary>Hands an effect on. Under the gate; adds no effects but an end.</summary>
    private void Do(IntakeEffect effect)
    {
        bool isTaken = effect switch
        {
            IntakeEffect.Open open => Open(open),
            IntakeEffect.Prove prove => _server.Stage.TrySubmit(prove, Step),
            IntakeEffect.ProveAlive alive => _server.Stage.TrySubmit(alive, Step),
            IntakeEffect.Claim claim => Claim(claim),
            IntakeEffect.IsAlive => Live(),
            IntakeEffect.Grant wanted => StartGrant(wanted.Wish),
            IntakeEffect.Verify verify => _server.Stage.TrySubmit(_judge, _state.Grant, verify, Step),
            IntakeEffect.Append append => _server.Writer.TrySubmit(new LedgerRequest.Append(
                append.Run, outcome => Step(new IntakeInput.Answered(outcome, append.Run.Entries.Count, append.Bytes)))),
            IntakeEffect.End end => End(end),
            _ => _outbox.TryAdd(effect),
        };
        if (!isTaken && _end is null)
        {
            _state = _state with { Phase = IntakePhase.Ended };
            End(effect is IntakeEffect.Open or IntakeEffect.Prove or IntakeEffect.ProveAlive or IntakeEffect.Verify or IntakeEffect.Append
                ? new(StatusCode.Unavailable, "shutting down, or too much is waiting: try again later")
                : new(StatusCode.ResourceExhausted, "expected the answers to be read, found too many waiting"));
        }
    }

    private bool Open(IntakeEffect.Open open)
    {
        if (open.Fences)
        {
            Chain = open.Chain;
            _server.Claims.Fence(open.Chain, this);
        }

        return _server.Writer.TrySubmit(new LedgerRequest.Open(open.Chain, _state.Grant.Hash, opening => Step(new IntakeInput.Opened(opening))));
    }

    private bool Claim(IntakeEffect.Claim claim)
    {
        Instance = claim.Instance;
        _server.Claims.Ask(claim.Chain, this);
        return true;
    }

    private bool Live()
    {
        _server.Claims.IsAlive(Chain!.Value);
        return true;
    }

    private bool StartGrant(RangeWish wish)
    {
        _granting = GrantAsync(wish);
        return true;
    }

    private async Task GrantAsync(RangeWish wish)
    {
        await Task.Yield(); // off the stream's lock: granting writes to a disk
        try
        {
            Step(new IntakeInput.Granted(await _grants.GrantAsync(Grant, wish)));
        }
        catch (InvoicingException fault)
        {
            Step(new IntakeInput.Granted(new(null, fault.Message)));
        }
    }

    private bool End(IntakeEffect.End end)
    {
        if (_end is null)
        {
            _end = end;
            _outbox.Close();
        }

        return true;
    }

    [LoggerMessage(3006, LogLevel.Warning, "The device of chain {Chain} at {Peer} has read nothing for {Limit}: its stream is cut")]
    private partial void LogSlow(string chain, string peer, TimeSpan limit);

    [LoggerMessage(3000, LogLevel.Information, "Stream of chain {Chain} ended: {Code} {Text}")]
    private partial void LogEnded(string chain, StatusCode code, string text);
}

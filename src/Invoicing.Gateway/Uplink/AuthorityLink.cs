using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Grpc.Net.Client;
using Invoicing.Gateway.Enrolment;
using Invoicing.Gateway.Journal;
using Invoicing.Hashing;
using Invoicing.Sales;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Wire = Invoicing.Protos.V1;

namespace Invoicing.Gateway.Uplink;

/// <summary>Keeps a stream to the authority, as long as there is one to be had, and asks for registers' histories.</summary>
/// <remarks>
/// Delivery is at least once: what is not covered by a verified watermark is sent again, and the authority knows a position that it has.
/// Nothing here holds up recording.
/// </remarks>
internal sealed partial class AuthorityLink : IRegisterHistory, IAsyncDisposable
{
    /// <summary>Longest wait for a register's history: the register waits with its sales.</summary>
    private static readonly TimeSpan HistoryTimeout = TimeSpan.FromSeconds(1);

    /// <summary>A stream that lived so long was a good one, also if there was nothing to send.</summary>
    private static readonly TimeSpan GoodLife = TimeSpan.FromSeconds(10);

    private readonly LinkSettings _settings;
    private readonly ILogger _logger;
    private readonly IUplinkJournal _journal;
    private readonly AuthorityKeys _keys;
    private readonly JournalReader _reader;
    private readonly JournalGrowth _acknowledged = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly ResiliencePipeline _retry;
    private readonly UplinkSession _session;
    private readonly Task _loop;
    private readonly Task _renewing;
    private Connection _connection;
    private LinkStatus _status = new(new(SendingState.Connecting), Alarm: null);
    private long _reached;

    private AuthorityLink(LinkSettings settings, IUplinkJournal journal, GrpcChannel channel, AuthorityKeys keys, JournalReader reader, ILogger logger)
    {
        _settings = settings;
        _journal = journal;
        _logger = logger;
        _connection = new(channel);
        _keys = keys;
        _reader = reader;
        _session = new(journal, reader, _keys, settings, Stepped, Acknowledged);
        _reached = _session.State.Checkpoint;
        _retry = new ResiliencePipelineBuilder { TimeProvider = settings.Time }.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<UplinkBrokenException>(),
            MaxRetryAttempts = int.MaxValue,
            DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(DelayBefore(args.AttemptNumber)),
            OnRetry = args =>
            {
                BackOff(args.Outcome.Exception!.Message, args.RetryDelay);
                return ValueTask.CompletedTask;
            },
        }).Build();
        _loop = Task.Run(() => RunAsync(_closing.Token), CancellationToken.None);
        _renewing = settings.Identity.RenewsItself ? Task.Run(() => RenewInTimeAsync(_closing.Token), CancellationToken.None) : Task.CompletedTask;
    }

    /// <summary>How the link is.</summary>
    public LinkStatus Status => Volatile.Read(ref _status);

    /// <summary>Whether entries go out at the moment.</summary>
    public bool IsStreaming => Status.Sending.State == SendingState.Streaming;

    /// <summary>Reads everything that can be wrong.</summary>
    /// <param name="settings">What it is told.</param>
    /// <param name="enrolment">Names the authority's keys.</param>
    /// <param name="loggers">Where it logs to.</param>
    /// <returns>Starts the link.</returns>
    /// <exception cref="InvoicingException">The identity's certificates or the enrolment's keys cannot be read.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The link owns them from here on.")]
    public static Func<IUplinkJournal, AuthorityLink> Prepare(LinkSettings settings, Chain.EnrolmentGrant enrolment, ILoggerFactory loggers)
    {
        GrpcChannel? channel = null;
        AuthorityKeys? keys = null;
        try
        {
            keys = new(enrolment);
            channel = AuthorityChannel.Create(settings.Authority, settings.Identity.Current, settings.Time);
            var reader = JournalReader.Open(settings.JournalPath);
            return journal => new(settings, journal, channel, keys, reader, loggers.CreateLogger<AuthorityLink>());
        }
        catch
        {
            channel?.Dispose();
            keys?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<RegisterHistory> AskAsync(RegisterId register, ulong epoch, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(HistoryTimeout, _settings.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token, _closing.Token);
        try
        {
            Wire.RegisterHistoryResponse answer = await Volatile.Read(ref _connection).Client.GetRegisterHistoryAsync(
                new() { Register = register.Value, Epoch = epoch }, cancellationToken: either.Token).ConfigureAwait(false);
            Sha256Hash? hash = answer.LastRecordHash.Length == Sha256Hash.Length ? new Sha256Hash(answer.LastRecordHash.Span) : null;
            return answer.LastSequence <= Chain.EntryFields.MaxPosition
                ? new RegisterHistory.Known(answer.EpochKnown ? answer.LastSequence : 0, answer.EpochKnown ? hash : null)
                : new RegisterHistory.Unknown($"expected a sequence of at most 2^62 from the authority, found {answer.LastSequence}");
        }
        catch (Exception fault) when (fault is RpcException or OperationCanceledException or ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new RegisterHistory.Unknown("the authority has not yet answered for the register's history");
        }
    }

    /// <summary>Waits until a verified watermark covers a position.</summary>
    public async Task WhenAcknowledgedAsync(long position, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next = _acknowledged.Next;
            if (Interlocked.Read(ref _reached) >= position)
            {
                return;
            }

            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the stream.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
        _connection.Dispose();
        _reader.Dispose();
        _keys.Dispose();
        _closing.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
#pragma warning disable CA1031 // The one catch-all of this loop: whatever it is, sending halts with its text and recording goes on.
        try
        {
            while (_session.State.Phase != UplinkPhase.Halted)
            {
                // Each run of the pipeline ends with a stream that got somewhere; then the waits start small again.
                await _retry.ExecuteAsync(static async (self, token) => await self.RunStreamAsync(token).ConfigureAwait(false), this, cancellationToken)
                    .ConfigureAwait(false);
            }

            UplinkState halted = _session.State;
            LogHalted(halted.HaltReason!, halted.WayOut!);
            Publish(new(new(SendingState.Halted, halted.HaltReason, halted.WayOut), halted.Alarm));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Publish(new(new(SendingState.Off, "the gateway is closed"), Alarm: null));
        }
        catch (Exception fault)
        {
            LogFailed(fault);
            Publish(new(new(SendingState.Halted, fault.Message, "restart; if it comes again, report it"), Alarm: null));
        }
#pragma warning restore CA1031
    }

    private async Task RunStreamAsync(CancellationToken cancellationToken)
    {
        Publish(new(new(SendingState.Connecting, Status.Sending.Reason), Status.Alarm));
        await RenewWhatHasEndedAsync(cancellationToken).ConfigureAwait(false);
        long start = _settings.Time.GetTimestamp();
        Connection connection = Volatile.Read(ref _connection);
        using var stream = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, connection.Replaced);
        try
        {
            await _session.RunAsync(connection.Client, stream.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException
            && connection.Replaced.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return; // renewed: the next stream bears the new certificate, and begins at once
        }
        catch (UplinkBrokenException fault) when (
            _session.State.Phase == UplinkPhase.Halted || _session.State.HasProgressed || _settings.Time.GetElapsedTime(start) >= GoodLife)
        {
            if (_session.State.Phase != UplinkPhase.Halted)
            {
                TimeSpan delay = DelayBefore(0);
                BackOff(fault.Message, delay);
                await Task.Delay(delay, _settings.Time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private TimeSpan DelayBefore(int attempt) =>
        ReconnectDelay.Of(_settings.Delay, _settings.Cap, attempt, (_settings.Jitter ?? ReconnectDelay.SystemJitter)());

    private void BackOff(string reason, TimeSpan delay)
    {
        LogBackOff(reason, delay.TotalMilliseconds);
        Publish(new(new(SendingState.BackingOff, reason, Consequence.Of(Finding.NoConnection).WayOut), Status.Alarm));
    }

    private void Stepped(UplinkState state)
    {
        if (state.Phase == UplinkPhase.Streaming)
        {
            if (state.Alarm is { } alarm && Status.Alarm != alarm)
            {
                LogAlarm(alarm);
            }

            if (!IsStreaming || Status.Alarm != state.Alarm)
            {
                LogStreaming(state.Acknowledged, state.Head);
                Publish(new(new(SendingState.Streaming), state.Alarm));
            }
        }
    }

    private void Acknowledged(long checkpoint)
    {
        long before = Interlocked.Exchange(ref _reached, checkpoint);
        if (checkpoint > before)
        {
            GatewayMeter.Acknowledged.Add(checkpoint - before);
            _acknowledged.Signal();
        }
    }

    private void Publish(LinkStatus status) => Volatile.Write(ref _status, status);

    [LoggerMessage(2200, LogLevel.Information, "Streaming to the authority from position {Acknowledged}; head {Head}")]
    private partial void LogStreaming(long acknowledged, long head);

    [LoggerMessage(2201, LogLevel.Warning, "No stream to the authority: {Reason}; next try in {Milliseconds} ms")]
    private partial void LogBackOff(string reason, double milliseconds);

    [LoggerMessage(2202, LogLevel.Error, "Sending is halted: {Reason}; way out: {WayOut}")]
    private partial void LogHalted(string reason, string wayOut);

    [LoggerMessage(2203, LogLevel.Error, "Alarm: {Text}")]
    private partial void LogAlarm(string text);

    [LoggerMessage(2204, LogLevel.Critical, "The uplink failed")]
    private partial void LogFailed(Exception fault);
}

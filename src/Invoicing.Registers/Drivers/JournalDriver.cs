using Invoicing.Registers.Lines;
using Invoicing.Sales;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.Drivers;

/// <summary>
/// Serves a register whose protocol is asked or listened to (<see cref="IRegisterProtocol"/>): opens, identifies, reconciles, fetches,
/// records, and only then lets the register's pointer move.
/// </summary>
/// <remarks>
/// The cursor is not kept here: it is the highest durable sequence of the register's epoch, which the recorder knows. So a cut, a crash or
/// a doubt at any point is answered in one way: ask the recorder where the register stands, reconcile, go on.
/// </remarks>
internal sealed partial class JournalDriver : IRegisterDriver
{
    /// <summary>Pause before the same record is offered again, or the register's standing asked again, when recording is not possible now.</summary>
    private static readonly TimeSpan BusyPause = TimeSpan.FromSeconds(2);

    /// <summary>Pause before a register in trouble is talked to again: the person at the till may be at it, and probing storms break receipts.</summary>
    private static readonly TimeSpan TroublePause = TimeSpan.FromSeconds(5);

    /// <summary>How often a stopped line looks whether a person has decided.</summary>
    private static readonly TimeSpan StoppedPause = TimeSpan.FromSeconds(10);

    /// <summary>Most different troubles that are told before the register is open again: a wrong speed makes another one at each try.</summary>
    private const int MostTold = 16;

    private readonly ILine _line;
    private readonly IRegisterProtocol _protocol;
    private readonly ISaleRecorder _recorder;
    private readonly JournalDriverOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HashSet<string> _told = new(StringComparer.Ordinal); // troubles since the register was open last
    private volatile DriverStatus _status;

    /// <summary>Makes a driver; nothing is opened before <see cref="RunAsync"/>.</summary>
    /// <exception cref="ArgumentException">The line does not pass every byte, and the protocol needs that.</exception>
    public JournalDriver(
        ILine line, IRegisterProtocol protocol, ISaleRecorder recorder, JournalDriverOptions options, TimeProvider time, ILogger<JournalDriver> logger)
    {
        if (protocol.NeedsTransparentLine && !line.IsTransparent)
        {
            throw new ArgumentException($"{protocol.Name} needs 8 data bits and no XON/XOFF; {line.Name} has other settings", nameof(line));
        }

        _line = line;
        _protocol = protocol;
        _recorder = recorder;
        _options = options;
        _time = time;
        _logger = logger;
        _status = new(line.Name, protocol.Name, DriverPhase.Down, protocol.Capabilities);
    }

    /// <inheritdoc/>
    public DriverStatus Status => _status with
    {
        Counters = _protocol.Counters.Snapshot(),
        JournalUsed = _protocol.JournalUsed,
        Notes = _protocol.Notes,
    };

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ILineConnection connection = await _line.ConnectAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                _status = _status with { Phase = DriverPhase.None, Register = null, Durable = 0 };
                try
                {
                    await TalkAsync(connection, cancellationToken).ConfigureAwait(false);
                }
                catch (LineGoneException fault)
                {
                    LogLineGone(_line.Name, fault.Message);
                    _status = _status with { Phase = DriverPhase.Down, Register = null };
                }
                catch (RegisterTroubleException fault)
                {
                    Trouble(fault);
                    await PauseAsync(TroublePause, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>One conversation, from the first question to the line's end.</summary>
    private async Task TalkAsync(ILineConnection connection, CancellationToken cancellationToken)
    {
        IRegisterConversation conversation = _protocol.Begin(connection);
        try
        {
            await TalkAsync(conversation, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (conversation is IAsyncDisposable own)
            {
                await own.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task TalkAsync(IRegisterConversation conversation, CancellationToken cancellationToken)
    {
        RegisterIdentity identity = await conversation.IdentifyAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            RequireExpected(identity);
            _status = _status with { Phase = DriverPhase.Opening, Register = identity.Register };
            (identity, ulong durable) = await StandingAsync(conversation, identity, cancellationToken).ConfigureAwait(false);
            _status = _status with { Phase = DriverPhase.Open, Durable = durable, Trouble = null };
            _told.Clear();
            LogOpen(_line.Name, identity.Register, identity.Model, durable);
            Fetched.Reset reset = await ServeAsync(conversation, identity, durable, cancellationToken).ConfigureAwait(false);
            LogReset(identity.Register, reset.Reason);
            identity = reset.Identity;
        }
    }

    /// <summary>Asks the recorder where the register stands, for as long as it takes it to know.</summary>
    /// <returns>The identity in the life of the register's journal that is current, and what is durable of it.</returns>
    private async Task<(RegisterIdentity Identity, ulong Durable)> StandingAsync(
        IRegisterConversation conversation, RegisterIdentity identity, CancellationToken cancellationToken)
    {
        while (true)
        {
            RegisterStanding standing = await _recorder.WelcomeAsync(Hello(identity), cancellationToken).ConfigureAwait(false);
            switch (standing)
            {
                case RegisterStanding.Open open when open.IsFirstContact && !_options.FromBeginning && identity.Newest > 0:
                    return (identity, await SkipHistoryAsync(identity, cancellationToken).ConfigureAwait(false));
                case RegisterStanding.Open open:
                    return (identity, open.LastDurable);
                case RegisterStanding.Waiting waiting:
                    Tell(DriverPhase.Opening, $"{identity.Register} waits: {waiting.Reason}");
                    await PauseAsync(BusyPause, cancellationToken).ConfigureAwait(false);
                    break;
                case RegisterStanding.Stopped stopped:
                    Tell(DriverPhase.Stopped, $"{identity.Register} is stopped: {stopped.Reason}; decide with 'registers release'");
                    await PauseAsync(StoppedPause, cancellationToken).ConfigureAwait(false);
                    break;
                case RegisterStanding.Retired retired when Later(conversation, identity, retired) is { } later:
                    identity = later;
                    break;
                case RegisterStanding.Retired:
                    Tell(
                        DriverPhase.Stopped,
                        $"{identity.Register} came back with an older life of its journal ({identity.Epoch:x16}): expected the newest; an old memory was put back, or two registers bear one serial");
                    await PauseAsync(StoppedPause, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    throw new InvalidOperationException($"expected a standing, found {standing}");
            }
        }
    }

    private static RegisterHello Hello(RegisterIdentity identity) =>
        new(identity.Register, identity.Epoch, identity.Oldest, identity.Newest, LastAcknowledged: 0) { Clock = identity.Clock };

    /// <summary>The same register in the life that is current, if its driver counts lives and finds it.</summary>
    private static RegisterIdentity? Later(IRegisterConversation conversation, RegisterIdentity identity, RegisterStanding.Retired retired) =>
        retired.CurrentEpoch != 0 && conversation.FindLife(identity, retired.CurrentEpoch) is { } later && later.Epoch != identity.Epoch ? later : null;

    private async Task<ulong> SkipHistoryAsync(RegisterIdentity identity, CancellationToken cancellationToken)
    {
        SaleKey first = new(identity.Register, identity.Epoch, 1);
        await PutAsync(
            () => _recorder.RecordGapAsync(first, identity.Newest, "rung up before this gateway read the register", cancellationToken),
            cancellationToken).ConfigureAwait(false);
        return identity.Newest;
    }

    /// <summary>Fetches and records until the register's journal begins a new life.</summary>
    private async Task<Fetched.Reset> ServeAsync(
        IRegisterConversation conversation, RegisterIdentity identity, ulong durable, CancellationToken cancellationToken)
    {
        Fetched? found = await conversation.ReconcileAsync(durable, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            switch (found)
            {
                case Fetched.Reset reset:
                    return reset;
                case null:
                    await PauseAsync(_protocol.PollPause, cancellationToken).ConfigureAwait(false);
                    break;
                case Fetched.Behind behind:
                    await StopBehindAsync(identity, behind, durable, cancellationToken).ConfigureAwait(false);
                    (durable, found) = await AgainAsync(conversation, identity, cancellationToken).ConfigureAwait(false);
                    continue;
                default:
                    if (await TakeAsync(identity, found, durable, cancellationToken).ConfigureAwait(false) is { } taken)
                    {
                        durable = taken;
                        await conversation.CommitAsync(durable, cancellationToken).ConfigureAwait(false);
                        _status = _status with { Durable = durable, Trouble = null };
                        break;
                    }

                    // A protocol that offers the same wrong record for ever must not spin.
                    await PauseAsync(BusyPause, cancellationToken).ConfigureAwait(false);
                    (durable, found) = await AgainAsync(conversation, identity, cancellationToken).ConfigureAwait(false);
                    continue;
            }

            found = await conversation.FetchAsync(durable, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>After a doubt: asks where the register stands, and reconciles.</summary>
    private async Task<(ulong Durable, Fetched? Found)> AgainAsync(
        IRegisterConversation conversation, RegisterIdentity identity, CancellationToken cancellationToken)
    {
        (RegisterIdentity current, ulong durable) = await StandingAsync(conversation, identity, cancellationToken).ConfigureAwait(false);
        if (current.Epoch != identity.Epoch)
        {
            return (durable, new Fetched.Reset(current, "its newer life is known here"));
        }

        _status = _status with { Phase = DriverPhase.Open, Durable = durable, Trouble = null };
        return (durable, await conversation.ReconcileAsync(durable, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Notes that the register fell behind; the recorder stops its line.</summary>
    private async Task StopBehindAsync(RegisterIdentity identity, Fetched.Behind behind, ulong durable, CancellationToken cancellationToken)
    {
        RegisterHello hello = Hello(identity) with { NewestSequence = behind.Newest };
        await PutAsync(
            async () =>
            {
                await _recorder.RecordRegisterBehindAsync(hello, durable, cancellationToken).ConfigureAwait(false);
                return new RecordOutcome.Recorded();
            },
            cancellationToken).ConfigureAwait(false);
        Tell(
            DriverPhase.Stopped,
            $"{identity.Register}: expected records after {durable}, found {behind.Newest} as its newest; "
            + (behind.Advice.Length > 0 ? behind.Advice : "an old memory was put back, or its numbers began again; look at it and decide"));
        await PauseAsync(StoppedPause, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Records what was fetched.</summary>
    /// <returns>What is durable now; <see langword="null"/> if the register's standing has to be asked again.</returns>
    private async Task<ulong?> TakeAsync(RegisterIdentity identity, Fetched found, ulong durable, CancellationToken cancellationToken)
    {
        (ulong last, RecordOutcome outcome) = found switch
        {
            Fetched.Record record => (record.Content.Key.Sequence, await PutAsync(
                () => _recorder.RecordAsync(record.Content, cancellationToken), cancellationToken).ConfigureAwait(false)),
            Fetched.Lost lost => (lost.Last, await PutAsync(
                () => _recorder.RecordGapAsync(new(identity.Register, identity.Epoch, lost.First), lost.Last, lost.Reason, cancellationToken),
                cancellationToken).ConfigureAwait(false)),
            _ => throw new InvalidOperationException($"expected a record or a gap, found {found}"),
        };
        switch (outcome)
        {
            case RecordOutcome.Issued or RecordOutcome.Held or RecordOutcome.Recorded:
                return Math.Max(last, durable);
            case RecordOutcome.Conflict:
                LogConflict(identity.Register, last);
                return null;
            case RecordOutcome.Gap gap:
                LogOutOfOrder(identity.Register, last, gap.Expected);
                return null;
            default:
                throw new InvalidOperationException($"expected an outcome, found {outcome}");
        }
    }

    /// <summary>Offers a record until it is taken. Meanwhile the register, which is not told anything, keeps it.</summary>
    private async Task<RecordOutcome> PutAsync(Func<Task<RecordOutcome>> put, CancellationToken cancellationToken)
    {
        while (true)
        {
            _status = _status with { Waiting = 1 };
            string reason;
            try
            {
                RecordOutcome outcome = await put().ConfigureAwait(false);
                if (outcome is not RecordOutcome.NotNow notNow)
                {
                    _status = _status with { Waiting = 0 };
                    return outcome;
                }

                reason = notNow.Reason;
            }
            catch (InvoicingException fault) when (fault.IsTransient)
            {
                reason = fault.Message;
            }

            Tell(_status.Phase, $"recording waits: {reason}; the register keeps its sales meanwhile");
            await PauseAsync(BusyPause, cancellationToken).ConfigureAwait(false);
        }
    }

    private void RequireExpected(RegisterIdentity identity)
    {
        if (_options.Register is { } expected && expected != identity.Register)
        {
            throw new RegisterTroubleException(
                $"{_line.Name}: expected register {expected}, found {identity.Register} ({identity.Model}); plug the cables in as configured, or change 'register'");
        }
    }

    private void Trouble(RegisterTroubleException fault)
    {
        if (_told.Count < MostTold && _told.Add(fault.Message))
        {
            LogTrouble(fault.Message);
        }

        _status = _status with { Phase = DriverPhase.None, Trouble = fault.Message };
    }

    private void Tell(DriverPhase phase, string trouble)
    {
        if (!string.Equals(_status.Trouble, trouble, StringComparison.Ordinal))
        {
            LogWaits(_line.Name, trouble);
        }

        _status = _status with { Phase = phase, Trouble = trouble };
    }

    private Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) =>
        pause > TimeSpan.Zero ? Task.Delay(pause, _time, cancellationToken) : Task.CompletedTask;

    [LoggerMessage(1050, LogLevel.Information, "{Line}: register {Register} ({Model}) is open, durable up to {Durable}")]
    private partial void LogOpen(string line, RegisterId register, string model, ulong durable);

    [LoggerMessage(1051, LogLevel.Warning, "{Trouble}")]
    private partial void LogTrouble(string trouble);

    [LoggerMessage(1052, LogLevel.Warning, "{Line}: {Reason}")]
    private partial void LogWaits(string line, string reason);

    [LoggerMessage(1053, LogLevel.Information, "{Reason}; the conversation on {Line} begins anew")]
    private partial void LogLineGone(string line, string reason);

    [LoggerMessage(1054, LogLevel.Warning, "Register {Register} began a new life of its journal: {Reason}")]
    private partial void LogReset(RegisterId register, string reason);

    [LoggerMessage(1055, LogLevel.Error, "Register {Register} sent another record under sequence {Sequence} than before; its line is stopped")]
    private partial void LogConflict(RegisterId register, ulong sequence);

    [LoggerMessage(1056, LogLevel.Warning, "Register {Register}: record {Sequence} came, expected {Expected}; asking it again from there")]
    private partial void LogOutOfOrder(RegisterId register, ulong sequence, ulong expected);
}

using Invoicing.Registers.Lines;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Session;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.Tlk;

/// <summary>What the driver tells.</summary>
public sealed partial class TlkDriver
{
    private void Tell(TlkEffect.Tell tell)
    {
        switch (tell.Event)
        {
            case TlkEvent.Welcomed:
                LogWelcomed(_line.Name, tell.Text, tell.First, tell.Last);
                break;
            case TlkEvent.Waiting:
                LogWaiting(_line.Name, tell.Text);
                break;
            case TlkEvent.Refused:
                LogRefused(_line.Name, tell.Text);
                break;
            case TlkEvent.Recovering:
                LogRecovering(_line.Name, tell.First, tell.Last, tell.Text);
                break;
            case TlkEvent.Lost:
                LogLost(_line.Name, tell.First, tell.Last, tell.Text);
                break;
            case TlkEvent.Conflict:
                LogConflict(_line.Name, tell.Text);
                break;
            case TlkEvent.Behind:
                LogBehind(_line.Name, tell.First, tell.Last, tell.Text);
                break;
            case TlkEvent.NotNow:
                LogNotNow(_line.Name, tell.First, tell.Text);
                break;
            case TlkEvent.Malformed:
                LogMalformed(_line.Name, tell.First, tell.Text);
                break;
            case TlkEvent.Silent:
                LogSilent(_line.Name, tell.Text);
                break;
            case TlkEvent.RegisterFault:
                LogRegisterFault(_line.Name, tell.Text);
                break;
            case TlkEvent.Timed:
                LogTimed(_line.Name, tell.Text);
                break;
            case TlkEvent.Leased:
                LogLeased(_line.Name, tell.Text);
                break;
            case TlkEvent.Unsealed:
                LogUnsealed(_line.Name, tell.Text);
                break;
        }
    }

    [LoggerMessage(1020, LogLevel.Information, "{Line}: welcome {Register}; durable up to {Durable}, its newest is {Newest}")]
    private partial void LogWelcomed(string line, string register, ulong durable, ulong newest);

    [LoggerMessage(1021, LogLevel.Information, "{Line}: the register has to wait: {Reason}")]
    private partial void LogWaiting(string line, string reason);

    [LoggerMessage(1022, LogLevel.Warning, "{Line}: register refused: {Reason}")]
    private partial void LogRefused(string line, string reason);

    [LoggerMessage(1023, LogLevel.Warning, "{Line}: fetching records {First} to {Last} again: {Reason}")]
    private partial void LogRecovering(string line, ulong first, ulong last, string reason);

    [LoggerMessage(1024, LogLevel.Error, "{Line}: records {First} to {Last} are lost: {Reason}")]
    private partial void LogLost(string line, ulong first, ulong last, string reason);

    [LoggerMessage(1025, LogLevel.Error, "{Line}: stopped until a person decides: {Reason}")]
    private partial void LogConflict(string line, string reason);

    [LoggerMessage(1026, LogLevel.Error, "{Line}: the register's newest record is {Newest}, but {Durable} is durable here: {Reason}")]
    private partial void LogBehind(string line, ulong newest, ulong durable, string reason);

    [LoggerMessage(1027, LogLevel.Warning, "{Line}: record {Sequence} cannot be recorded now: {Reason}")]
    private partial void LogNotNow(string line, ulong sequence, string reason);

    [LoggerMessage(1028, LogLevel.Warning, "{Line}: record {Sequence} is malformed: {Reason}")]
    private partial void LogMalformed(string line, ulong sequence, string reason);

    [LoggerMessage(1029, LogLevel.Warning, "{Line}: the register does not answer: {Reason}")]
    private partial void LogSilent(string line, string reason);

    [LoggerMessage(1030, LogLevel.Warning, "{Line}: the register reports {Report}")]
    private partial void LogRegisterFault(string line, string report);

    [LoggerMessage(1034, LogLevel.Information, "{Line}: the register's clock was set; {Difference}")]
    private partial void LogTimed(string line, string difference);

    [LoggerMessage(1035, LogLevel.Information, "{Line}: the register {Answer}")]
    private partial void LogLeased(string line, string answer);

    [LoggerMessage(1036, LogLevel.Warning, "{Line}: {Reason}")]
    private partial void LogUnsealed(string line, string reason);

    [LoggerMessage(1031, LogLevel.Information, "{Line}: hung up")]
    private partial void LogHungUp(string line);

    [LoggerMessage(1032, LogLevel.Debug, "{Line}: went while it was written to")]
    private partial void LogWriteFailed(LineGoneException fault, string line);

    [LoggerMessage(1033, LogLevel.Warning, "{Line}: the register has not read for {Limit}")]
    private partial void LogNotReading(string line, TimeSpan limit);

    [LoggerMessage(1100, LogLevel.Debug, "{Line}: thrown away: {Counter}")]
    private partial void LogThrownAway(string line, TlkCounter counter);
}

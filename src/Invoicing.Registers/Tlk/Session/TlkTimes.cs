namespace Invoicing.Registers.Tlk.Session;

/// <summary>Times of TLK/1 §10, in milliseconds.</summary>
internal static class TlkTimes
{
    /// <summary>First BUSY after a HELLO or REC came.</summary>
    internal const long BusyAfter = 200;

    /// <summary>Shortest time between two BUSY.</summary>
    internal const long BusyEvery = 1000;

    /// <summary>What a BUSY asks for: two lost ones do not start a resend.</summary>
    internal const long BusyWait = 2000;

    /// <summary>First repetition of a request.</summary>
    internal const long FirstResend = 500;

    /// <summary>Longest pause between repetitions.</summary>
    internal const long LongestResend = 8000;

    /// <summary>Silence before each PING.</summary>
    internal const long Idle = 5000;

    /// <summary>PINGs without a sign of life before the link counts as down.</summary>
    internal const int MaxPings = 3;

    /// <summary>Shortest time between two NAK 1 for one sequence, and between two NAK 9.</summary>
    internal const long NakEvery = 500;

    /// <summary>Shortest time between two NAK 8, and between two ERRORs.</summary>
    internal const long ComplainEvery = 1000;

    /// <summary>How often the register's clock is set.</summary>
    internal const long TimeEvery = 6 * 60 * 60 * 1000;

    /// <summary>A TIME without TIMED is followed by a new one with a new clock: repeating old time would set the register back.</summary>
    internal const long TimeRetry = 2000;

    /// <summary>How soon TIME is tried again when our own clock is not to be trusted.</summary>
    internal const long TimeLater = 60_000;

    /// <summary>A register that has said nothing of itself for so long is asked: what is shown to people is never older.</summary>
    internal const long AskEvery = 5 * 60 * 1000;

    /// <summary>How often it is looked whether a lease is due.</summary>
    internal const long LeaseEvery = 60_000;

    /// <summary>How often TIME, ASK and LEASE are sent before they are given up until the next is due: a register need not know them.</summary>
    internal const int MaxSent = 4;

    /// <summary>When to try again what only a person can mend.</summary>
    internal static readonly TimeSpan AfterPerson = TimeSpan.FromSeconds(60);
}

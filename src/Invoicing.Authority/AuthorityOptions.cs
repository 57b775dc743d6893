using System.Net;

namespace Invoicing.Authority;

/// <summary>What an authority is started with.</summary>
internal sealed record AuthorityOptions
{
    /// <summary>Where it listens unless said otherwise.</summary>
    public static readonly IPEndPoint DefaultListen = new(IPAddress.Loopback, 5443);

    /// <summary>Its folder.</summary>
    public required AuthorityFolder Folder { get; init; }

    /// <summary>Where it listens; port 0 takes a free one.</summary>
    public IPEndPoint Listen { get; init; } = DefaultListen;

    /// <summary>What the door allows to strangers.</summary>
    public Gate.GateLimits Gate { get; init; } = new();

    /// <summary>Rows of a segment of a new ledger.</summary>
    public int SegmentSize { get; init; } = Ledger.Sqlite.LedgerSchema.DefaultSegmentSize;

    /// <summary>Lowest level that is logged to the console.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Whether Ctrl-C and SIGTERM stop it; not where another program holds it.</summary>
    public bool HandlesSignals { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Ends the process when the disk fails; tests note it instead.</summary>
    public Action<Exception> EndProcess { get; init; } = AuthorityExit.OnStorageFault;
}

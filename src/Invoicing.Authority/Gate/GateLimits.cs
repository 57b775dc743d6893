using System.Collections.Immutable;
using System.Net;

namespace Invoicing.Authority.Gate;

/// <summary>What the door allows to whoever has not shown yet that it belongs here, and how often anybody may come. Defaults stand here and nowhere else.</summary>
internal sealed record GateLimits
{
    /// <summary>Connections at a time from one address that are not known to be a client's: a shop's lanes that all come back at once, twice.</summary>
    public int StrangersPerAddress { get; init; } = 64;

    /// <summary>Such connections at a time from all addresses: each costs some 60 KB and a handshake, so these are 120 MB.</summary>
    public int Strangers { get; init; } = 2_000;

    /// <summary>How long a connection may stay a stranger: a handshake and a call over a slow mobile line take three seconds.</summary>
    public TimeSpan StrangerTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Requests on a connection that stays a stranger: an enrolment takes two.</summary>
    public int StrangerRequests { get; init; } = 8;

    /// <summary>New connections in a second from one address, after <see cref="ConnectionBurst"/>: a handshake costs a core about a millisecond.</summary>
    public int ConnectionsPerSecond { get; init; } = 20;

    /// <summary>Connections that one address may open at once: the tills of a large shop behind one address, after a power cut.</summary>
    public int ConnectionBurst { get; init; } = 200;

    /// <summary>Requests in a second on a connection of a known client: a device needs one an hour, and a few at its start.</summary>
    public int RequestsPerSecond { get; init; } = 50;

    /// <summary>Requests that a known client may begin at once.</summary>
    public int RequestBurst { get; init; } = 200;

    /// <summary>
    /// How long a peer may leave what was written to it lying before its connection is cut, if it reads fewer than <see cref="BytesPerSecond"/>.
    /// </summary>
    public TimeSpan ReadGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Fewest bytes a second that a peer must read while something waits for it: the slowest mobile line does ten times as many.</summary>
    public double BytesPerSecond { get; init; } = 100;

    /// <summary>Addresses that are remembered. Beyond them, those that are quiet are forgotten; 200 bytes each.</summary>
    public int Addresses { get; init; } = 100_000;

    /// <summary>Networks that are not counted: a load balancer, which must count by itself.</summary>
    public ImmutableArray<IPNetwork> Trusted { get; init; } = [];
}

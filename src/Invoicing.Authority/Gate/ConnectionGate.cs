using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Invoicing.Authority.Gate;

/// <summary>The door: before a byte of TLS is read it counts who comes, from where, how often and for how long, and turns away what is too much.</summary>
/// <remarks>
/// A handshake costs the server a thousand times what it costs a machine that only closes, so too many connections are closed unread. A connection
/// whose caller is not known by its certificate is a stranger's: few at a time from one address, for a short time, with few requests. Known clients
/// are not touched by what strangers of other addresses do. What was turned away is told once a minute and address, with its number and reason.
/// </remarks>
internal sealed partial class ConnectionGate(GateLimits limits, TimeProvider time, ILogger<ConnectionGate> logger) : IDisposable
{
    private static readonly TimeSpan TellPause = TimeSpan.FromMinutes(1);

    private readonly ILogger _logger = logger;
    private readonly Lock _lock = new();
    private readonly Dictionary<AddressKey, Visits> _visits = [];
    private readonly long _start = time.GetTimestamp();
    private readonly CancellationTokenSource _stopping = new();
    private int _strangers;
    private long _refused;

    /// <summary>What is allowed.</summary>
    public GateLimits Limits { get; } = limits;

    /// <summary>Connections that are no known client's just now.</summary>
    public int Strangers
    {
        get
        {
            lock (_lock)
            {
                return _strangers;
            }
        }
    }

    /// <summary>Connections that were turned away or cut so far.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Time since the gate was made.</summary>
    public TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>Puts the gate before everything else of an endpoint, TLS included.</summary>
    public void Guard(ListenOptions endpoint) => endpoint.Use(next => connection => PassAsync(connection, next));

    /// <summary>Counts the requests of each connection; before anything else of the server's pipeline.</summary>
    public Task CountAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<GateTicket>() is { } ticket && ticket.CountRequest() is { } why)
        {
            Note(ticket.Address, why);
            context.Features.Get<IConnectionLifetimeFeature>()?.Abort();
            context.Abort();
            return Task.CompletedTask;
        }

        return next(context);
    }

    /// <summary>The server stops: strangers are not waited for.</summary>
    public void Stop() => _stopping.Cancel();

    /// <summary>Forgets the token.</summary>
    public void Dispose() => _stopping.Dispose();

    /// <summary>Takes a stranger off the count: it went, or is none any more.</summary>
    public void Leave(GateTicket ticket)
    {
        if (!ticket.IsCounted)
        {
            return;
        }

        lock (_lock)
        {
            _strangers--;
            if (_visits.TryGetValue(ticket.Address, out Visits? visits))
            {
                visits.Strangers--;
            }
        }
    }

    private async Task PassAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var address = AddressKey.Of(connection.RemoteEndPoint);
        bool isCounted = !IsTrusted(connection.RemoteEndPoint);
        if (isCounted && Enter(address) is { } why)
        {
            Note(address, why);
            connection.Abort(new ConnectionAbortedException(why));
            return;
        }

        using var ticket = new GateTicket(this, address, isCounted);
        connection.Features.Set(ticket);
        await using ITimer? limit = isCounted
            ? time.CreateTimer(_ => EndStranger(connection, ticket), null, Limits.StrangerTime, Timeout.InfiniteTimeSpan)
            : null;
        await using CancellationTokenRegistration stopping = _stopping.Token.UnsafeRegister(
            _ =>
            {
                if (!ticket.IsAdmitted)
                {
                    connection.Abort(new ConnectionAbortedException("shutting down"));
                }
            },
            null);
        await next(connection);
    }

    private bool IsTrusted(EndPoint? remote)
    {
        if (Limits.Trusted.IsDefaultOrEmpty || (remote as IPEndPoint)?.Address is not { } address)
        {
            return false;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Limits.Trusted.Any(network => network.Contains(address));
    }

    private string? Enter(AddressKey address)
    {
        lock (_lock)
        {
            Visits visits = VisitsOf(address);
            if (!visits.Connections.TryTake(Now))
            {
                return $"expected at most {Limits.ConnectionsPerSecond} connections a second from an address, after {Limits.ConnectionBurst}, found more";
            }

            if (visits.Strangers >= Limits.StrangersPerAddress)
            {
                return $"expected at most {Limits.StrangersPerAddress} connections from an address without a certificate that is let in, found more";
            }

            if (_strangers >= Limits.Strangers)
            {
                return $"expected at most {Limits.Strangers} connections without a certificate that is let in, found more";
            }

            visits.Strangers++;
            _strangers++;
            return null;
        }
    }

    private void EndStranger(ConnectionContext connection, GateTicket ticket)
    {
        if (!ticket.IsAdmitted)
        {
            string why = $"expected a call with a certificate that is let in within {Limits.StrangerTime.TotalSeconds} s, found none";
            Note(ticket.Address, why);
            connection.Abort(new ConnectionAbortedException(why));
        }
    }

    /// <summary>Under the lock.</summary>
    private Visits VisitsOf(AddressKey address)
    {
        if (_visits.TryGetValue(address, out Visits? known))
        {
            return known;
        }

        if (_visits.Count >= Limits.Addresses)
        {
            // Whoever is quiet loses nothing by being forgotten. If that makes no room, all are forgotten but those who are here, of whom there are few.
            TimeSpan now = Now;
            Forget(visits => visits.Strangers == 0 && visits.Connections.IsFullAt(now));
            if (_visits.Count >= Limits.Addresses)
            {
                Forget(visits => visits.Strangers == 0);
            }
        }

        var visits = new Visits { Connections = new(Limits.ConnectionsPerSecond, Limits.ConnectionBurst) };
        _visits.Add(address, visits);
        return visits;
    }

    private void Forget(Func<Visits, bool> which)
    {
        foreach ((AddressKey key, Visits visits) in _visits)
        {
            if (which(visits))
            {
                _visits.Remove(key);
            }
        }
    }

    /// <summary>Counts what was turned away, and tells it now and then: a log is no place to be flooded.</summary>
    private void Note(AddressKey address, string why)
    {
        Interlocked.Increment(ref _refused);
        long count;
        lock (_lock)
        {
            Visits visits = VisitsOf(address);
            visits.Refused++;
            TimeSpan now = Now;
            if (visits.ToldAt is { } before && now - before < TellPause)
            {
                return;
            }

            count = visits.Refused;
            visits.Refused = 0;
            visits.ToldAt = now;
        }

        LogRefused(count, address, why);
    }

    [LoggerMessage(3005, LogLevel.Warning, "Turned away {Count} connections of {Address}: {Reason}")]
    private partial void LogRefused(long count, AddressKey address, string reason);

    /// <summary>What is remembered of an address.</summary>
    private sealed class Visits
    {
        public TokenBucket Connections;

        public int Strangers { get; set; }

        public long Refused { get; set; }

        public TimeSpan? ToldAt { get; set; }
    }
}

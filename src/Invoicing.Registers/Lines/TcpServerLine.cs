using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.Lines;

/// <summary>A register that calls us over TCP. One port, one register: its newest call replaces the one before it.</summary>
/// <remarks>
/// The newest call wins because a register that lost power calls again while its old connection still looks alive here. What the earlier one had
/// sent is read to its end first: a till that calls for each print calls again before the last print is fetched. Calls from an
/// address other than the one allowed are closed at once.
/// </remarks>
/// <param name="listen">Address and port to listen on; port 0 lets the system choose (see <see cref="Endpoint"/>).</param>
/// <param name="allowed">The networks that may call (<c>10.0.0.7/32</c> is one address); <see langword="null"/> for any.</param>
/// <param name="time">The clock for pauses.</param>
/// <param name="logger">Where openings and failures go.</param>
public sealed partial class TcpServerLine(
    IPEndPoint listen, IReadOnlyCollection<IPNetwork>? allowed, TimeProvider time, ILogger<TcpServerLine> logger)
    : ReopeningLine(time, logger)
{
    private readonly Lock _gate = new();
    private readonly ILogger _calls = logger;
    private IPAddress? _refused;
    private Socket? _listener;
    private TcpConnection? _current;
    private Task<Socket>? _nextCall;

    /// <inheritdoc/>
    public override string Name { get; } = $"tcp listening on {listen}";

    /// <inheritdoc/>
    public override bool IsTransparent => true;

    private protected override bool IsPassive => true;

    /// <summary>Where it listens, once it does.</summary>
    public IPEndPoint? Endpoint => (IPEndPoint?)_listener?.LocalEndPoint;

    /// <summary>Begins to listen, unless it does already. <see cref="ReopeningLine.ConnectAsync"/> does it by itself.</summary>
    /// <exception cref="LineUnavailableException">The address cannot be listened on.</exception>
    public void Listen()
    {
        lock (_gate)
        {
            if (_listener is not null)
            {
                return;
            }

            Socket? listener = null;
            try
            {
                listener = new(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                listener.Bind(listen);
                listener.Listen(backlog: 4);
                _listener = listener;
            }
            catch (SocketException fault)
            {
                listener?.Dispose();
                throw new LineUnavailableException(Name, TcpFault.OfListening(fault), fault);
            }
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        Task<Socket>? call;
        lock (_gate)
        {
            _listener?.Dispose();
            call = _nextCall;
        }

        if (call is not null)
        {
            await CloseCallAsync(call).ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    private protected override async ValueTask<ILineConnection> OpenAsync(CancellationToken cancellationToken)
    {
        Listen();
        Task<Socket> call = NextCall();
        Socket socket;
        try
        {
            socket = await call.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (LineUnavailableException)
        {
            ForgetCall(null);
            throw;
        }

        TcpConnection connection;
        try
        {
            connection = new(Name, socket, Time);
        }
        catch (SocketException fault)
        {
            ForgetCall(null);
            socket.Dispose();
            throw new LineUnavailableException(Name, $"the caller went at once: {fault.Message}", fault);
        }

        ForgetCall(connection);

        // From now on the next call hangs this one up; the caller then asks for its connection.
        _ = NextCall();
        return connection;
    }

    /// <summary>A call that came in and was not asked for yet is closed; that none came is what usually is the case.</summary>
    private static async Task CloseCallAsync(Task<Socket> call)
    {
        try
        {
            (await call.ConfigureAwait(false)).Dispose();
        }
        catch (LineUnavailableException)
        {
            // The listener's end, which is ours.
        }
    }

    private Task<Socket> NextCall()
    {
        lock (_gate)
        {
            return _nextCall ??= AcceptAsync();
        }
    }

    private void ForgetCall(TcpConnection? current)
    {
        lock (_gate)
        {
            _nextCall = null;
            _current = current;
        }
    }

    /// <summary>Tells of a refused address once, until another one is refused: who calls a thousand times does not fill the log.</summary>
    private bool IsAllowed(IPAddress? caller)
    {
        IPAddress? plain = caller is { IsIPv4MappedToIPv6: true } ? caller.MapToIPv4() : caller;
        if (allowed is null || (plain is not null && allowed.Any(network => network.Contains(plain))))
        {
            return true;
        }

        if (plain is not null && !plain.Equals(_refused))
        {
            _refused = plain;
            LogRefused(Name, plain);
        }

        return false;
    }

    [LoggerMessage(1002, LogLevel.Warning, "Line {Line}: a call from {Caller} was refused; its address is none of those that may call")]
    private partial void LogRefused(string line, IPAddress caller);

    private async Task<Socket> AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            IPAddress? caller;
            try
            {
                socket = await _listener!.AcceptAsync(CancellationToken.None).ConfigureAwait(false);
                caller = (socket.RemoteEndPoint as IPEndPoint)?.Address;
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
            {
                throw new LineUnavailableException(Name, fault.Message, fault);
            }

            if (!IsAllowed(caller))
            {
                socket.Dispose();
                continue;
            }

            _current?.EndBehindInput("it called again");
            return socket;
        }
    }
}

using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.Lines;

/// <summary>A register that listens on TCP, or a serial device server in front of one: we call it.</summary>
/// <param name="host">Name or address.</param>
/// <param name="port">Port, 1..65535.</param>
/// <param name="time">The clock for pauses and for the limit of a call.</param>
/// <param name="logger">Where openings and failures go.</param>
public sealed class TcpClientLine(string host, int port, TimeProvider time, ILogger<TcpClientLine> logger) : ReopeningLine(time, logger)
{
    /// <summary>Longest that one call may take: on a shop's network an answer takes milliseconds.</summary>
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public override string Name { get; } = $"tcp {host}:{port}";

    /// <inheritdoc/>
    public override bool IsTransparent => true;

    private protected override async ValueTask<ILineConnection> OpenAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(CallLimit, Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        Socket? socket = null;
        try
        {
            socket = new(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(host, port, both.Token).ConfigureAwait(false);
            TcpConnection connection = new(Name, socket, Time);
            socket = null;
            return connection;
        }
        catch (SocketException fault)
        {
            throw new LineUnavailableException(Name, TcpFault.OfCall(fault), fault);
        }
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LineUnavailableException(Name, $"no answer within {CallLimit.TotalSeconds} s; is it switched on and on the network?", fault);
        }
        finally
        {
            socket?.Dispose();
        }
    }
}

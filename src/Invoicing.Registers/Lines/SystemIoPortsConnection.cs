#if FULL_FEED
using System.IO.Ports;

namespace Invoicing.Registers.Lines;

/// <summary>An open port of System.IO.Ports as a line.</summary>
internal sealed class SystemIoPortsConnection : ILineConnection
{
    private static readonly TimeSpan NodeCheck = TimeSpan.FromSeconds(2);

    private readonly SerialPort _port;
    private readonly Stream _stream;
    private readonly CancellationTokenSource _gone = new();
    private readonly ITimer? _check;
    private int _ended;

    internal SystemIoPortsConnection(SerialPort port, TimeProvider time)
    {
        _port = port;
        _stream = port.BaseStream;
        Gone = _gone.Token;
        if (File.Exists(port.PortName))
        {
            _check = time.CreateTimer(static state => ((SystemIoPortsConnection)state!).CheckNode(), this, NodeCheck, NodeCheck);
        }
    }

    public CancellationToken Gone { get; }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Gone);
        try
        {
            int count = await _stream.ReadAsync(buffer, either.Token).ConfigureAwait(false);
            if (count == 0)
            {
                End();
            }

            return count;
        }
        catch (Exception fault) when (IsEnd(fault, cancellationToken))
        {
            // A fault of the port is its end, which is what 0 says.
            End();
            return 0;
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Gone);
        try
        {
            await _stream.WriteAsync(bytes, either.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (IsEnd(fault, cancellationToken))
        {
            End();
            throw new LineGoneException(_port.PortName, fault.Message, fault);
        }
    }

    public async ValueTask DisposeAsync()
    {
        End();
        if (_check is not null)
        {
            await _check.DisposeAsync().ConfigureAwait(false);
        }

        _port.Dispose();
        _gone.Dispose();
    }

    private static bool IsEnd(Exception fault, CancellationToken asked) =>
        fault is IOException or InvalidOperationException or UnauthorizedAccessException
        || (fault is OperationCanceledException && !asked.IsCancellationRequested);

    private void CheckNode()
    {
        if (!File.Exists(_port.PortName))
        {
            End();
        }
    }

    private void End()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            _gone.Cancel();
        }
    }
}
#endif

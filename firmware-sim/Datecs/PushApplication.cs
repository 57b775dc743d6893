using System.Threading.Channels;
using FirmwareSim.Tills;

namespace FirmwareSim.Datecs;

/// <summary>One application on the line: opens, hears events, answers questions, closes.</summary>
/// <param name="wire">The connection.</param>
/// <param name="open">Answers a request to open.</param>
/// <param name="mostWaiting">Events that wait for a slow line.</param>
internal sealed class PushApplication(RegisterWire wire, Func<PushPacket, PushPacket> open, int mostWaiting) : IDisposable
{
    /// <summary>How long the register waits for the answer to a question.</summary>
    public static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(10);

    /// <summary>Events that wait for a slow line by default: the register's memory. What does not fit is lost, as it is in a real one.</summary>
    public const int MostWaiting = 16_384;

    private readonly Channel<PushPacket> _events = Channel.CreateBounded<PushPacket>(
        new BoundedChannelOptions(mostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly SemaphoreSlim _writing = new(1);
    private TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isOpen;
    private volatile bool _isTelling;

    /// <summary>Whether it hears events.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>Whether nothing waits to be sent to it.</summary>
    public bool HasHeardAll => _events.Reader.Count == 0 && !_isTelling;

    /// <summary>An event for it, if it is open.</summary>
    public void Tell(PushPacket packet)
    {
        if (_isOpen)
        {
            _events.Writer.TryWrite(packet);
        }
    }

    /// <summary>Serves it until it closes or is gone.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task telling = TellAllAsync(end.Token);
        Task listening = ListenAsync(end.Token);
        Task first = await Task.WhenAny(telling, listening);
        _isOpen = false;
        await end.CancelAsync();
        await Task.WhenAny(first == telling ? listening : telling);
        await first;
    }

    public void Dispose() => _writing.Dispose();

    private async Task TellAllAsync(CancellationToken cancellationToken)
    {
        while (await _events.Reader.WaitToReadAsync(cancellationToken))
        {
            _isTelling = true;
            while (_events.Reader.TryRead(out PushPacket? packet))
            {
                _answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await SendAsync(packet, cancellationToken);
                if (packet.IsQuery)
                {
                    await Task.WhenAny(_answer.Task, Task.Delay(AnswerPatience, wire.Time, cancellationToken));
                }
            }

            _isTelling = false;
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        List<byte> bytes = [];
        byte[] buffer = new byte[256];
        while (await wire.ReadAsync(buffer, cancellationToken) is int read and > 0)
        {
            bytes.AddRange(buffer.AsSpan(0, read));
            while (PushPacket.Read([.. bytes]) is (PushPacket packet, int length))
            {
                bytes.RemoveRange(0, length);
                if (packet.Set == PushPacket.SalesSet && !await TakeAsync(packet, cancellationToken))
                {
                    return;
                }
            }
        }
    }

    /// <summary>Takes a packet of the application.</summary>
    /// <returns>Whether the connection goes on.</returns>
    private async Task<bool> TakeAsync(PushPacket packet, CancellationToken cancellationToken)
    {
        switch (packet.Operation)
        {
            case PushPacket.Open when !_isOpen:
                PushPacket answer = open(packet);
                await SendAsync(answer, cancellationToken);
                _isOpen = answer.Error == 0;
                return _isOpen;
            case PushPacket.Close:
                return false;
            case PushPacket.PluAnswer or PushPacket.PluRefused:
                _answer.TrySetResult();
                return true;
            default:
                return true;
        }
    }

    private async Task SendAsync(PushPacket packet, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await wire.SendAsync(packet.ToBytes(), cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }
}

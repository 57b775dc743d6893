using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Invoicing.Registers.Ports;

namespace Invoicing.Registers.Tests.Ports;

/// <summary>The kernel's side of device events, told by the test.</summary>
internal sealed class FakeKernel : IKernelEvents
{
    private readonly Channel<byte[]?> _datagrams = Channel.CreateBounded<byte[]?>(100);

    internal bool IsDisposed { get; private set; }

    /// <summary>Datagrams that were not fetched yet.</summary>
    internal int Waiting => _datagrams.Reader.Count;

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        byte[]? datagram = await _datagrams.Reader.ReadAsync(cancellationToken);
        if (datagram is null)
        {
            throw new SocketException((int)SocketError.NetworkDown);
        }

        datagram.CopyTo(buffer);
        return datagram.Length;
    }

    public void Dispose() => IsDisposed = true;

    internal void Tell(string action, string subsystem) =>
        Assert.True(_datagrams.Writer.TryWrite(Encoding.ASCII.GetBytes($"{action}@/devices/x\0ACTION={action}\0SUBSYSTEM={subsystem}\0")));

    internal void LoseSome() => Assert.True(_datagrams.Writer.TryWrite([]));

    internal void Break() => Assert.True(_datagrams.Writer.TryWrite(null));
}

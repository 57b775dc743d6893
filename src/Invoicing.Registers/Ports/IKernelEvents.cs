namespace Invoicing.Registers.Ports;

/// <summary>Where the kernel tells what is plugged in and out.</summary>
internal interface IKernelEvents : IDisposable
{
    /// <summary>Waits for the next datagram.</summary>
    /// <returns>Its length; 0 if some were lost, because nobody fetched them in time.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">There will be no more.</exception>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);
}

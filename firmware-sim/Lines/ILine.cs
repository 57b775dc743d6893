namespace FirmwareSim.Lines;

/// <summary>The wire between register and gateway, as the register sees it.</summary>
internal interface ILine : IAsyncDisposable
{
    /// <summary>How a person names it.</summary>
    string Name { get; }

    /// <summary>Waits until the other side is there.</summary>
    /// <returns>
    /// The bytes of this connection. Reading 0 bytes, or an <see cref="IOException"/> of either direction, says that the other side is gone:
    /// dispose of it and open again.
    /// </returns>
    Task<Stream> OpenAsync(CancellationToken cancellationToken);
}

namespace Grpc.Core;

/// <summary>What all four kinds of call can be asked.</summary>
internal interface ICallState
{
    /// <summary>What the server sent before its first message.</summary>
    /// <returns>Ends when they have arrived.</returns>
    Task<Metadata> GetResponseHeadersAsync();

    /// <summary>How the call ended.</summary>
    /// <returns>The status.</returns>
    /// <exception cref="InvalidOperationException">It has not ended.</exception>
    Status GetStatus();

    /// <summary>What the server sent with the status.</summary>
    /// <returns>The trailers.</returns>
    /// <exception cref="InvalidOperationException">The server has not ended the call.</exception>
    Metadata GetTrailers();

    /// <summary>Cancels the call if it has not ended.</summary>
    void Dispose();
}

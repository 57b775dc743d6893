namespace Invoicing.Benchmarks.Rpc;

/// <summary>Moves messages in one way, over the layer or over bare HTTP/2.</summary>
internal interface ITraffic : IDisposable
{
    /// <summary>One caller's requests, each answered, until stopped.</summary>
    Task<long> UnaryAsync(Func<bool> goesOn);

    /// <summary>One stream on which each message is answered before the next.</summary>
    Task<long> PingPongAsync(Func<bool> goesOn);

    /// <summary>One stream of messages to the server.</summary>
    Task<long> UpAsync(int size, Func<bool> goesOn);

    /// <summary>One stream of so many messages from the server.</summary>
    Task<long> DownAsync(int size, long count);
}

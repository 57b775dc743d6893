namespace Grpc.Core;

/// <summary>What generated clients derive from, with their own type.</summary>
/// <typeparam name="T">The client's own type.</typeparam>
internal abstract class ClientBase<T> : ClientBase
    where T : ClientBase<T>
{
    /// <summary>A client that fails each call; for subclasses that replace the methods.</summary>
    protected ClientBase()
    {
    }

    /// <summary>A client with a configuration of its own.</summary>
    /// <param name="configuration">The invoker and host.</param>
    protected ClientBase(ClientBaseConfiguration configuration)
        : base(configuration)
    {
    }

    /// <summary>A client over a channel.</summary>
    /// <param name="channel">The way to the server.</param>
    protected ClientBase(ChannelBase channel)
        : base(channel)
    {
    }

    /// <summary>A client over an invoker.</summary>
    /// <param name="callInvoker">Starts the calls.</param>
    protected ClientBase(CallInvoker callInvoker)
        : base(callInvoker)
    {
    }

    /// <summary>The same client with another host for interceptors to see.</summary>
    /// <param name="host">The host.</param>
    /// <returns>A new client over the same invoker.</returns>
    public T WithHost(string host) => NewInstance(Configuration.WithHost(host));

    /// <summary>Makes a client of the generated type.</summary>
    /// <param name="configuration">The invoker and host.</param>
    /// <returns>The client.</returns>
    protected abstract T NewInstance(ClientBaseConfiguration configuration);
}

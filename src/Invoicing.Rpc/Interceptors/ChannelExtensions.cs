namespace Grpc.Core.Interceptors;

/// <summary>Puts interceptors before a channel.</summary>
internal static class ChannelExtensions
{
    /// <summary>Puts one interceptor before the channel.</summary>
    /// <param name="channel">The way to the server.</param>
    /// <param name="interceptor">Sees each call first.</param>
    /// <returns>The intercepted invoker.</returns>
    public static CallInvoker Intercept(this ChannelBase channel, Interceptor interceptor) =>
        Invoker(channel).Intercept(interceptor);

    /// <summary>Puts several interceptors before the channel.</summary>
    /// <param name="channel">The way to the server.</param>
    /// <param name="interceptors">The first one sees each call first.</param>
    /// <returns>The intercepted invoker.</returns>
    public static CallInvoker Intercept(this ChannelBase channel, params Interceptor[] interceptors) =>
        Invoker(channel).Intercept(interceptors);

    /// <summary>Changes the headers of each call.</summary>
    /// <param name="channel">The way to the server.</param>
    /// <param name="interceptor">Gets the headers and gives those to send.</param>
    /// <returns>The intercepted invoker.</returns>
    public static CallInvoker Intercept(this ChannelBase channel, Func<Metadata, Metadata> interceptor) =>
        Invoker(channel).Intercept(interceptor);

    private static CallInvoker Invoker(ChannelBase channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return channel.CreateCallInvoker();
    }
}

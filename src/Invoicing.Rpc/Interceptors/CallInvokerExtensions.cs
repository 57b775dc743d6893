namespace Grpc.Core.Interceptors;

/// <summary>Puts interceptors before an invoker.</summary>
internal static class CallInvokerExtensions
{
    /// <summary>Puts one interceptor before the invoker.</summary>
    /// <param name="invoker">Starts the calls.</param>
    /// <param name="interceptor">Sees each call first.</param>
    /// <returns>The intercepted invoker.</returns>
    public static CallInvoker Intercept(this CallInvoker invoker, Interceptor interceptor)
    {
        ArgumentNullException.ThrowIfNull(invoker);
        ArgumentNullException.ThrowIfNull(interceptor);
        return new InterceptingCallInvoker(invoker, interceptor);
    }

    /// <summary>Puts several interceptors before the invoker.</summary>
    /// <param name="invoker">Starts the calls.</param>
    /// <param name="interceptors">The first one sees each call first.</param>
    /// <returns>The intercepted invoker.</returns>
    public static CallInvoker Intercept(this CallInvoker invoker, params Interceptor[] interceptors)
    {
        ArgumentNullException.ThrowIfNull(invoker);
        ArgumentNullException.ThrowIfNull(interceptors);
        return interceptors.Reverse().Aggregate(invoker, (inner, interceptor) => inner.Intercept(interceptor));
    }

    /// <summary>Changes the headers of each call.</summary>
    /// <param name="invoker">Starts the calls.</param>
    /// <param name="interceptor">Gets the headers and gives those to send.</param>
    /// <returns>The intercepted invoker.</returns>
    public static CallInvoker Intercept(this CallInvoker invoker, Func<Metadata, Metadata> interceptor)
    {
        ArgumentNullException.ThrowIfNull(interceptor);
        return invoker.Intercept(new HeadersInterceptor(interceptor));
    }
}

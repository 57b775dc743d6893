namespace Grpc.Core;

/// <summary>A call made of functions, as interceptors build it around another call.</summary>
internal sealed class DelegateCallState(
    Task<Metadata> responseHeadersAsync, Func<Status> getStatusFunc, Func<Metadata> getTrailersFunc, Action disposeAction) : ICallState
{
    public Task<Metadata> GetResponseHeadersAsync() => responseHeadersAsync;

    public Status GetStatus() => getStatusFunc();

    public Metadata GetTrailers() => getTrailersFunc();

    public void Dispose() => disposeAction();
}

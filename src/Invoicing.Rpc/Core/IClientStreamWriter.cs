namespace Grpc.Core;

/// <summary>The client's side of a request stream.</summary>
/// <typeparam name="T">The message type.</typeparam>
internal interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Ends the request stream; the call goes on until the server ends it.</summary>
    /// <returns>Ends when nothing more can be written.</returns>
    Task CompleteAsync();
}

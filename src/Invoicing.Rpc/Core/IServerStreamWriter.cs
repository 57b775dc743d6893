namespace Grpc.Core;

/// <summary>The server's side of a response stream; it ends when the handler returns.</summary>
/// <typeparam name="T">The message type.</typeparam>
internal interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>
{
}

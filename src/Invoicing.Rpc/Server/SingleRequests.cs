using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Shared;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Reads requests of one message.</summary>
internal static class SingleRequests
{
    /// <summary>Reads the message, and that nothing follows it.</summary>
    public static async Task<TRequest> ReadAsync<TRequest>(
        HttpContextServerCallContext call, Func<DeserializationContext, TRequest> deserializer)
        where TRequest : class
    {
        PipeReader body = call.Http.Request.BodyReader;
        MessageDecoder decoder = call.CreateDecoder();
        TRequest? request = null;
        while (true)
        {
            ReadResult result = await body.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            ReadOnlySequence<byte> unread = result.Buffer;
            if (request is null && decoder.TryRead(ref unread, out ReadOnlySequence<byte> payload))
            {
                request = new MessagePayload().Read(payload, deserializer);
            }

            if (request is not null && !unread.IsEmpty)
            {
                throw new RpcException(ProtocolStatus.AdditionalData);
            }

            bool isWhole = result.IsCompleted;
            body.AdvanceTo(unread.Start, unread.End);
            if (isWhole)
            {
                return request ?? throw new RpcException(ProtocolStatus.Incomplete);
            }
        }
    }
}

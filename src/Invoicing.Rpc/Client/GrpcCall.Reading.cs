using System.Buffers;
using Grpc.Core;
using Grpc.Shared;

namespace Grpc.Net.Client.Internal;

/// <content>The response.</content>
internal sealed partial class GrpcCall
{
    private const string Starting = "Error starting gRPC call.";

    private static readonly Task<HttpResponseMessage?> Unopened = Task.FromResult<HttpResponseMessage?>(null);

    /// <summary>
    /// Ends when the server's headers are there: the response, or null if the call has ended with them or before them.
    /// Set for calls with a stream of responses; never fails.
    /// </summary>
    public Task<HttpResponseMessage?> Opened { get; private set; } = Unopened;

    /// <summary>Sends the request of a call with a stream of responses.</summary>
    public void Open(Func<HttpContent> content)
    {
        Watch();
        _sending = SendAsync(content);
        Opened = OpenAsync();
    }

    /// <summary>Sends the request and waits for the only response.</summary>
    public async Task<TResponse> ReadSingleAsync<TResponse>(Func<HttpContent> content, Func<DeserializationContext, TResponse> deserializer)
        where TResponse : class
    {
        try
        {
            Watch();
            _sending = SendAsync(content);
            HttpResponseMessage response = await _sending.ConfigureAwait(false);
            if (response.EarlyStatus() is { } early)
            {
                EndWithHeaders(response, early, single: true);
                throw FailureOf(_status);
            }

            using var incoming = new IncomingMessages(response, CreateDecoder(response), isStream: false);
            TResponse? message = await ReadSingleAsync(incoming, deserializer).ConfigureAwait(false);
            Status status = response.FinalStatus();
            if (message is null && status.StatusCode == StatusCode.OK)
            {
                status = new Status(StatusCode.Internal, "Failed to deserialize response message.");
            }

            End(status, answered: true);
            if (_status.StatusCode != StatusCode.OK)
            {
                throw FailureOf(_status);
            }

            return message!;
        }
        catch (Exception e) when (!_hasEnded || e is not RpcException)
        {
            throw Fail(Starting, e);
        }
    }

    private static async Task<TResponse?> ReadSingleAsync<TResponse>(IncomingMessages incoming, Func<DeserializationContext, TResponse> deserializer)
        where TResponse : class
    {
        TResponse? message = null;
        do
        {
            while (incoming.TryRead(out ReadOnlySequence<byte> payload))
            {
                if (message is not null)
                {
                    throw new InvalidDataException("Unexpected data after finished reading message.");
                }

                message = incoming.Payload.Read(payload, deserializer);
            }
        }
        while (await incoming.FillAsync().ConfigureAwait(false));
        return message;
    }

    private async Task<HttpResponseMessage?> OpenAsync()
    {
        try
        {
            HttpResponseMessage response = await _sending!.ConfigureAwait(false);
            if (response.EarlyStatus() is not { } early)
            {
                return response;
            }

            EndWithHeaders(response, early, single: false);
        }
#pragma warning disable CA1031 // Whatever it was is the call's status now, which reader and writer throw.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _ = Fail(Starting, e);
        }

        return null;
    }

    /// <summary>The server's first headers were its last: "Trailers-Only", or not gRPC at all.</summary>
    private void EndWithHeaders(HttpResponseMessage response, Status status, bool single)
    {
        bool isGrpc = response.Headers.First(ProtocolNames.Status) is not null;
        if (isGrpc)
        {
            _trailers = response.Headers.ToMetadata();
        }

        if (single && status.StatusCode == StatusCode.OK)
        {
            status = new Status(
                StatusCode.Internal,
                "Failed to deserialize response message. The response header contains a gRPC status of OK, which means any message "
                + "returned to the client for this call should be ignored. A unary or client streaming gRPC call must have a response "
                + "message, which makes this response invalid.");
        }

        End(status, answered: false);
    }
}

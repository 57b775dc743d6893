using System.Net;
using Grpc.Core;
using Grpc.Shared;

namespace Grpc.Net.Client.Internal;

/// <summary>
/// One call from its start to its status. It ends once: by the server's status, by a fault, by its deadline, or by the caller
/// who cancels or disposes it; whatever comes later changes nothing.
/// </summary>
internal sealed partial class GrpcCall : ICallState, IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly IMethod _method;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly string? _encoding;
    private CancellationTokenRegistration _callerCancels;
    private ITimer? _deadlineTimer;
    private HttpResponseMessage? _response;
    private Task<HttpResponseMessage>? _sending;

    public GrpcCall(GrpcChannel channel, IMethod method, in CallOptions options)
    {
        if (options.Deadline is { } deadline
            && deadline != DateTime.MaxValue && deadline != DateTime.MinValue && deadline.Kind != DateTimeKind.Utc)
        {
            throw new InvalidOperationException(
                "Deadline must have a kind DateTimeKind.Utc or be equal to DateTime.MaxValue or DateTime.MinValue.");
        }

        _channel = channel;
        _method = method;
        Options = options;
        _encoding = options.Headers?.GetValue(ProtocolNames.WantedEncoding);
        channel.Add(this);
    }

    /// <summary>What the caller asked of the call.</summary>
    public CallOptions Options { get; }

    /// <summary>Cancelled when the call ends in another way than by the server's status.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>For the request's messages.</summary>
    public MessageWriter CreateWriter() => new(_channel.MaxSendMessageSize, _channel.Encodings.Find(_encoding), level: null);

    /// <summary>For the response's messages.</summary>
    public MessageDecoder CreateDecoder(HttpResponseMessage response) =>
        new(_channel.Encodings, _channel.MaxReceiveMessageSize, response.Headers.First(ProtocolNames.Encoding));

    /// <summary>Watches the deadline and the caller's token. Called when the request's stream is there to be stopped.</summary>
    private void Watch()
    {
        if (Options.Deadline is { } deadline && deadline != DateTime.MaxValue)
        {
            TimeSpan left = deadline - Now;
            if (left <= TimeSpan.Zero)
            {
                End(DeadlineExceeded);
                return;
            }

            StartTimer(left);
        }

        if (Options.CancellationToken.CanBeCanceled)
        {
            _callerCancels = CancelWith(Options.CancellationToken);
            if (HasEnded)
            {
                _callerCancels.Unregister();
            }
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Func<HttpContent> content)
    {
        _stop.Token.ThrowIfCancellationRequested();
        using HttpRequestMessage request = CreateRequest(content());
        HttpResponseMessage response = await _channel.Invoker.SendAsync(request, _stop.Token).ConfigureAwait(false);
        lock (_gate)
        {
            if (!HasEnded)
            {
                _response = response;
                return response;
            }
        }

        response.Dispose();
        throw new OperationCanceledException(_stop.Token);
    }

    private HttpRequestMessage CreateRequest(HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _channel.UriOf(_method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TryAddWithoutValidation("User-Agent", "grpc-dotnet-invoicing/1.0");
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        request.Headers.TryAddWithoutValidation(ProtocolNames.AcceptEncoding, _channel.Encodings.AcceptHeader);
        if (_encoding is not null)
        {
            request.Headers.TryAddWithoutValidation(ProtocolNames.Encoding, _encoding);
        }

        if (Options.Deadline is { } deadline && deadline != DateTime.MaxValue)
        {
            request.Headers.TryAddWithoutValidation(ProtocolNames.Timeout, TimeoutText.Encode(deadline - Now));
        }

        foreach (Metadata.Entry entry in Options.Headers ?? Metadata.Empty)
        {
            if (entry.Key is not (ProtocolNames.WantedEncoding or ProtocolNames.Timeout))
            {
                request.Headers.TryAddWithoutValidation(entry.Key, entry.Wire);
            }
        }

        return request;
    }
}

using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Net.Client.Internal;
using Grpc.Shared;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grpc.Net.Client;

/// <summary>
/// The way to one server over HTTP/2: "https" with TLS and ALPN, "http" with prior knowledge (h2c). Costly to make, cheap to
/// call over; safe for any number of threads. Disposing it cancels the calls under way.
/// </summary>
internal sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly ConcurrentDictionary<IMethod, Uri> _uris = new();
    private readonly HashSet<GrpcCall> _calls = [];
    private readonly Uri _address;
    private readonly bool _ownsInvoker;

    private GrpcChannel(Uri address, GrpcChannelOptions options)
        : base(address.Authority)
    {
        if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
        {
            throw new InvalidOperationException($"The address '{address}' has neither the scheme 'http' nor 'https'.");
        }

        _address = address;
        _ownsInvoker = options.HttpHandler is null || options.DisposeHttpClient;
#pragma warning disable CA2000 // The invoker disposes it.
        HttpMessageHandler handler = options.HttpHandler ?? new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
#pragma warning restore CA2000
        Invoker = new HttpMessageInvoker(handler, _ownsInvoker);
        MaxSendMessageSize = options.MaxSendMessageSize;
        MaxReceiveMessageSize = options.MaxReceiveMessageSize;
        Encodings = options.CompressionProviders is null ? MessageEncodings.Default : new MessageEncodings(options.CompressionProviders);
        ThrowsOperationCanceled = options.ThrowOperationCanceledOnCancellation;
        Logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("Grpc.Net.Client.Internal.GrpcCall");
    }

    internal HttpMessageInvoker Invoker { get; }

    internal int? MaxSendMessageSize { get; }

    internal int? MaxReceiveMessageSize { get; }

    internal MessageEncodings Encodings { get; }

    internal bool ThrowsOperationCanceled { get; }

    internal ILogger Logger { get; }

    private bool IsDisposed { get; set; }

    /// <summary>A channel with all defaults.</summary>
    /// <param name="address">Scheme, host and port; a path is not used.</param>
    /// <returns>The channel; nothing is connected yet.</returns>
    public static GrpcChannel ForAddress(string address) => ForAddress(new Uri(address));

    /// <summary>A channel.</summary>
    /// <param name="address">Scheme, host and port; a path is not used.</param>
    /// <param name="channelOptions">How to reach the server.</param>
    /// <returns>The channel; nothing is connected yet.</returns>
    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions) => ForAddress(new Uri(address), channelOptions);

    /// <summary>A channel with all defaults.</summary>
    /// <param name="address">Scheme, host and port; a path is not used.</param>
    /// <returns>The channel; nothing is connected yet.</returns>
    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>A channel.</summary>
    /// <param name="address">Scheme, host and port; a path is not used.</param>
    /// <param name="channelOptions">How to reach the server.</param>
    /// <returns>The channel; nothing is connected yet.</returns>
    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        return new GrpcChannel(address, channelOptions);
    }

    /// <inheritdoc />
    public override CallInvoker CreateCallInvoker()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return new HttpClientCallInvoker(this);
    }

    /// <summary>Cancels the calls under way and closes the connections that are the channel's own.</summary>
    public void Dispose()
    {
        GrpcCall[] calls;
        lock (_calls)
        {
            if (IsDisposed)
            {
                return;
            }

            IsDisposed = true;
            calls = [.. _calls];
        }

        foreach (GrpcCall call in calls)
        {
            call.Dispose();
        }

        if (_ownsInvoker)
        {
            Invoker.Dispose();
        }
    }

    internal Uri UriOf(IMethod method) => _uris.GetOrAdd(method, static (method, address) => new Uri(address, method.FullName), _address);

    internal void Add(GrpcCall call)
    {
        lock (_calls)
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            _calls.Add(call);
        }
    }

    internal void Remove(GrpcCall call)
    {
        lock (_calls)
        {
            _calls.Remove(call);
        }
    }
}

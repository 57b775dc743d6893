using System.Buffers;
using System.Collections.Concurrent;
using Grpc.Core;
using Invoicing.Authority.Gate;
using Invoicing.Chain;
using Invoicing.Invoices;
using Invoicing.Protos.V1;

namespace Invoicing.Authority.Feed;

/// <summary>The service of <c>feed.proto</c>, bound by hand so that a message is serialised once for all followers.</summary>
/// <param name="feed">The ledger as a stream.</param>
/// <param name="requireReader">Who reads and what he may see; refuses whoever may not, with the reason.</param>
/// <param name="lifetime">Ends all streams when the server stops.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where it tells of readers that do not read.</param>
[BindServiceMethod(typeof(FeedEndpoint), nameof(BindService))]
internal sealed partial class FeedEndpoint(
    LedgerFeed feed, Func<ServerCallContext, FeedReader> requireReader, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<FeedEndpoint> logger)
{
    private readonly ILogger _logger = logger;
    private readonly ConcurrentDictionary<FeedStream, bool> _streams = new();

    private static readonly Method<FollowRequest, FeedFrame> FollowMethod = new(
        MethodType.ServerStreaming, "invoicing.v1.FeedService", nameof(Follow),
        Marshallers.Create<FollowRequest>(
            (_, _) => throw new NotSupportedException("the authority sends no requests"),
            context => FollowRequest.Parser.ParseFrom(context.PayloadAsNewBuffer())),
        Marshallers.Create<FeedFrame>(Write, _ => throw new NotSupportedException("the authority reads no responses")));

    /// <summary>Names the service's methods to the server.</summary>
    public static void BindService(ServiceBinderBase binder, FeedEndpoint? endpoint) => binder.AddMethod(
        FollowMethod, endpoint is null ? null : new ServerStreamingServerMethod<FollowRequest, FeedFrame>(endpoint.Follow));

    /// <summary>Follows the ledger.</summary>
    public async Task Follow(FollowRequest request, IServerStreamWriter<FeedFrame> responses, ServerCallContext context)
    {
        FeedReader reader = requireReader(context);
        FeedQuery query = ToQuery(request, reader);
        if (query.From > feed.Head.LastIndex + 1)
        {
            throw new RpcException(new Status(
                StatusCode.OutOfRange, $"from_index: expected at most {feed.Head.LastIndex + 1}, where the ledger goes on, found {query.From}"));
        }

        if (feed.Followers >= LedgerFeed.MaxFollowers)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"{LedgerFeed.MaxFollowers} follow already: try again later"));
        }

        using var stream = new FeedStream(
            reader.Client, context.GetHttpContext().Abort, time, context.CancellationToken, lifetime.ApplicationStopping);
        _streams.TryAdd(stream, true);
        try
        {
            // Once more, now that the stream can be found: he may have been put out, or seen his scope changed, in between.
            if (!requireReader(context).Equals(reader))
            {
                throw new RpcException(new Status(StatusCode.Aborted, "what may be seen was changed: follow again"));
            }

            var patience = new ReaderPatience(time, () =>
            {
                LogSlow(context.Peer, ReaderPatience.Limit);
                stream.End(new(StatusCode.ResourceExhausted, $"expected entries to be read within {ReaderPatience.Limit.TotalSeconds} s, found them waiting: follow again from the next index"));
            });
            await SendAsync(query, responses, stream, patience);
        }
        finally
        {
            _streams.TryRemove(stream, out _);
        }
    }

    /// <summary>Ends the streams of a reader.</summary>
    /// <param name="client">Which.</param>
    /// <param name="status">What they end with.</param>
    public void EndStreams(long client, Status status)
    {
        foreach (FeedStream stream in _streams.Keys.Where(s => s.Client == client))
        {
            stream.End(status);
        }
    }

    private async Task SendAsync(FeedQuery query, IServerStreamWriter<FeedFrame> responses, FeedStream stream, ReaderPatience patience)
    {
        try
        {
            await foreach (IReadOnlyList<FeedFrame> page in feed.FollowAsync(query, stream.Token))
            {
                foreach (FeedFrame frame in page)
                {
                    if (stream.Status is { } early)
                    {
                        throw new RpcException(early);
                    }

                    await patience.UntilTakenAsync(responses.WriteAsync(frame, CancellationToken.None));
                }
            }
        }
        catch (OperationCanceledException) when (stream.Status is not null)
        {
            throw new RpcException(stream.Status.Value);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "shutting down: follow again later, from the next index"));
        }
    }

    [LoggerMessage(3150, LogLevel.Warning, "A follower at {Peer} has read nothing for {Limit}: its stream is cut")]
    private partial void LogSlow(string peer, TimeSpan limit);

    private static FeedQuery ToQuery(FollowRequest request, FeedReader reader)
    {
        string? fault = request.FromIndex > EntryFields.MaxPosition ? $"from_index: expected at most 2^62, found {request.FromIndex}"
            : request.UntilIndex > EntryFields.MaxPosition ? $"until_index: expected at most 2^62, found {request.UntilIndex}"
            : request.HeartbeatMs is not 0 and (< 100 or > 60_000) ? $"heartbeat_ms: expected 0 or 100 to 60000, found {request.HeartbeatMs}"
            : request.Chains.Count > FeedQuery.MaxFilter ? $"chains: expected at most {FeedQuery.MaxFilter}, found {request.Chains.Count}"
            : request.Sellers.Count > FeedQuery.MaxFilter ? $"sellers: expected at most {FeedQuery.MaxFilter}, found {request.Sellers.Count}"
            : request.Chains.FirstOrDefault(c => c.Length != ChainId.Length) is { } chain
                ? $"chains: expected {ChainId.Length} bytes each, found {chain.Length}"
            : request.Sellers.FirstOrDefault(s => !TaxCode.TryParse(s, out _)) is { } seller ? $"sellers: expected tax codes, found '{seller}'"
            : null;
        if (fault is null && reader.Scope is { } scope && request.Sellers.FirstOrDefault(s => !scope.Contains(s)) is { } outside)
        {
            throw new RpcException(new Status(StatusCode.PermissionDenied, $"sellers: expected sellers of the scope of this certificate, found '{outside}'"));
        }

        return fault is not null ? throw new RpcException(new Status(StatusCode.InvalidArgument, fault)) : new()
        {
            From = Math.Max(1, (long)request.FromIndex),
            Until = (long)request.UntilIndex,
            Chains = request.Chains.Select(c => new ChainId(c.Span)).ToHashSet(),
            Sellers = request.Sellers.ToHashSet(StringComparer.Ordinal),
            Scope = reader.Scope,
            Heartbeat = TimeSpan.FromMilliseconds(request.HeartbeatMs == 0 ? 1_000 : request.HeartbeatMs),
        };
    }

    private static void Write(FeedFrame frame, SerializationContext context)
    {
        context.SetPayloadLength(frame.Message.Length);
        context.GetBufferWriter().Write(frame.Message);
        context.Complete();
    }
}

using System.Buffers;
using Grpc.Core;
using Invoicing.Chain;
using Invoicing.Invoices;
using Invoicing.Protos.V1;

namespace Invoicing.Authority.Feed;

/// <summary>The service of <c>feed.proto</c>, bound by hand so that a message is serialised once for all followers.</summary>
/// <param name="feed">The ledger as a stream.</param>
/// <param name="requireFollower">Refuses whoever is no follower, with the reason.</param>
/// <param name="lifetime">Ends all streams when the server stops.</param>
[BindServiceMethod(typeof(FeedEndpoint), nameof(BindService))]
internal sealed class FeedEndpoint(LedgerFeed feed, Action<ServerCallContext> requireFollower, IHostApplicationLifetime lifetime)
{
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
        requireFollower(context);
        FeedQuery query = ToQuery(request);
        if (query.From > feed.Head.LastIndex + 1)
        {
            throw new RpcException(new Status(
                StatusCode.OutOfRange, $"from_index: expected at most {feed.Head.LastIndex + 1}, where the ledger goes on, found {query.From}"));
        }

        if (feed.Followers >= LedgerFeed.MaxFollowers)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"{LedgerFeed.MaxFollowers} follow already: try again later"));
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            await foreach (IReadOnlyList<FeedFrame> page in feed.FollowAsync(query, ends.Token))
            {
                foreach (FeedFrame frame in page)
                {
                    await responses.WriteAsync(frame, CancellationToken.None);
                }
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "shutting down: follow again later, from the next index"));
        }
    }

    private static FeedQuery ToQuery(FollowRequest request)
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
        return fault is not null ? throw new RpcException(new Status(StatusCode.InvalidArgument, fault)) : new()
        {
            From = Math.Max(1, (long)request.FromIndex),
            Until = (long)request.UntilIndex,
            Chains = request.Chains.Select(c => new ChainId(c.Span)).ToHashSet(),
            Sellers = request.Sellers.ToHashSet(StringComparer.Ordinal),
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

using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Client;
using Invoicing.Chain;
using Invoicing.Protos.V1;

namespace Invoicing.Authority.Feed;

/// <summary>Follows an authority's feed as an official's program does: over TLS, with the bundle of a follower.</summary>
internal static class FeedFollower
{
    /// <summary>Follows from an index on.</summary>
    /// <param name="channel">The way to the authority.</param>
    /// <param name="from">First index, from 1.</param>
    /// <param name="until">Ends behind this index; 0: never.</param>
    /// <param name="checker">Checks every message; <see langword="null"/> to take it as it comes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FeedFaultException">A message does not hold. Thrown after what came before it was returned.</exception>
    /// <exception cref="RpcException">The authority refused, or the connection broke: follow again from the index after the last.</exception>
    public static async IAsyncEnumerable<FollowedEntry> FollowAsync(
        GrpcChannel channel, long from, long until, FeedChecker? checker, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var client = new FeedService.FeedServiceClient(channel);
        var request = new FollowRequest { FromIndex = (ulong)from, UntilIndex = (ulong)until };
        using AsyncServerStreamingCall<FeedMessage> call = client.Follow(request, cancellationToken: cancellationToken);
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
            FeedMessage message = call.ResponseStream.Current;
            if (checker?.Check(message) is { } fault)
            {
                throw new FeedFaultException(fault);
            }

            if (message.MessageCase == FeedMessage.MessageOneofCase.Entry)
            {
                FeedEntry entry = message.Entry;
                yield return new(
                    (long)entry.Index, entry.LedgerTime, entry.Seller, entry.Device, entry.Body.Memory, new(entry.Hash.Span), new(entry.Signature.Span));
            }
        }
    }

    /// <summary>Follows over a channel of its own.</summary>
    /// <param name="address">The authority.</param>
    /// <param name="bundle">Bundle of a follower.</param>
    /// <param name="until">Ends behind this index; 0: never.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<FollowedEntry> FollowAsync(
        Uri address, ClientBundle bundle, long until, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using GrpcChannel channel = BundleChannel.Open(address, bundle);
        await foreach (FollowedEntry entry in FollowAsync(channel, 1, until, new FeedChecker(1), cancellationToken))
        {
            yield return entry;
        }
    }
}

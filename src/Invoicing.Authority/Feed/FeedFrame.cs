using Google.Protobuf;
using Invoicing.Authority.Ledger;
using Invoicing.Chain;
using Invoicing.Protos.V1;

namespace Invoicing.Authority.Feed;

/// <summary>One message of the feed, serialised once for all followers.</summary>
/// <param name="Index">Ledger index of the entry; of a heartbeat, the index up to which the stream is complete.</param>
/// <param name="Chain">The entry's chain; of a heartbeat, none.</param>
/// <param name="Seller">The entry's seller; of a heartbeat, empty.</param>
/// <param name="Message">FeedMessage as it goes over the wire.</param>
internal sealed record FeedFrame(long Index, ChainId Chain, string Seller, byte[] Message)
{
    /// <summary>Whether it carries no entry.</summary>
    public bool IsHeartbeat => Seller.Length == 0;

    /// <summary>Makes the message of an entry.</summary>
    public static FeedFrame Of(LedgerEntry entry)
    {
        var message = new FeedMessage
        {
            Entry = new()
            {
                Index = (ulong)entry.Index,
                LedgerTime = entry.LedgerTime,
                Seller = entry.Seller,
                Body = UnsafeByteOperations.UnsafeWrap(entry.Body),
                Signature = ByteString.CopyFrom(entry.Signature.ToArray()),
                Hash = ByteString.CopyFrom(entry.Hash.ToArray()),
                Device = entry.Device,
            },
        };
        return new(entry.Index, entry.Chain, entry.Seller, message.ToByteArray());
    }

    /// <summary>Makes a heartbeat.</summary>
    public static FeedFrame Heartbeat(long completeThrough, long ledgerTime) => new(
        completeThrough, default, string.Empty,
        new FeedMessage { Heartbeat = new() { CompleteThrough = (ulong)completeThrough, LedgerTime = ledgerTime } }.ToByteArray());
}

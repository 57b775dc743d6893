using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Protos.V1;
using Invoicing.Signing;

namespace Invoicing.Authority.Feed;

/// <summary>Checks what a follower is sent: indexes, and per chain hashes, links and every signature.</summary>
/// <remarks>
/// A chain that is seen from its opening on is checked in full, under the key that the opening names. Of one that is met in its middle the
/// key is not known: its hashes and links are checked, its signatures are not.
/// </remarks>
/// <param name="from">First index asked for.</param>
internal sealed class FeedChecker(long from)
{
    private readonly ChainVerifier _verifier = new(new KeyRing());
    private readonly Dictionary<ChainId, ChainState> _chains = [];
    private long _next = from;

    /// <summary>Entries whose signature could not be checked, because their chain was met in its middle.</summary>
    public long WithoutKey { get; private set; }

    /// <summary>Checks one message.</summary>
    /// <returns><see langword="null"/>, or where, what was expected and what was found.</returns>
    public string? Check(FeedMessage message)
    {
        if (message.MessageCase == FeedMessage.MessageOneofCase.Heartbeat)
        {
            long complete = (long)message.Heartbeat.CompleteThrough;
            return complete == _next - 1 ? null : $"heartbeat: expected to be complete through index {_next - 1}, found {complete}";
        }

        FeedEntry entry = message.Entry;
        if ((long)entry.Index != _next)
        {
            return $"expected index {_next}, found {entry.Index}";
        }

        _next++;
        string? fault = CheckEntry(entry);
        return fault is null ? null : $"index {entry.Index}: {fault}";
    }

    private string? CheckEntry(FeedEntry entry)
    {
        ReadOnlyMemory<byte> body = entry.Body.Memory;
        if (EntryFields.Read(body.Span, out EntryFields fields) is { } malformed)
        {
            return malformed;
        }

        Sha256Hash hash = SignedEntry.HashOf(body.Span);
        if (!entry.Hash.Span.SequenceEqual(hash.ToArray()))
        {
            return $"expected hash {hash}, found {Convert.ToHexStringLower(entry.Hash.Span)}";
        }

        if (entry.Signature.Length != EcdsaSignature.Length)
        {
            return $"expected a signature of {EcdsaSignature.Length} bytes, found {entry.Signature.Length}";
        }

        if (!_chains.TryGetValue(fields.Chain, out ChainState? state))
        {
            state = new(fields.Chain, fields.Position - 1, fields.PreviousHash, ReadOnlyMemory<byte>.Empty);
        }

        if (state.PublicKey.IsEmpty && fields.Position > 1)
        {
            WithoutKey++;
            _chains[fields.Chain] = state with { Position = fields.Position, Hash = hash };
            return fields.Position != state.Position + 1 ? $"chain {fields.Chain}: expected position {state.Position + 1}, found {fields.Position}"
                : fields.PreviousHash != state.Hash ? $"chain {fields.Chain}: expected previous hash {state.Hash}, found {fields.PreviousHash}"
                : null;
        }

        VerifiedRun run = _verifier.Verify(state, [new(body, new(entry.Signature.Span))], SignatureDepth.Every);
        _chains[fields.Chain] = run.State;
        return run.Fault is { } fault ? $"chain {fields.Chain}: {fault}" : null;
    }
}

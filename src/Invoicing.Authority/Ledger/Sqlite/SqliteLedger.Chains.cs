using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Sqlite;

namespace Invoicing.Authority.Ledger.Sqlite;

/// <summary>Chains: where each stands.</summary>
internal sealed partial class SqliteLedger
{
    /// <inheritdoc/>
    public ChainStanding? Find(ChainId chain) => Row(chain)?.Standing;

    /// <inheritdoc/>
    public ChainId? ChainOn(in Sha256Hash enrolment)
    {
        SqliteStatement find = _statements.FindEnrolment.Bind(0, enrolment.ToArray());
        ChainId? chain = find.Step() ? new ChainId(find.Blob(0)) : null;
        find.Reset();
        return chain;
    }

    /// <inheritdoc/>
    public SignedWatermark? Watermark(ChainId chain)
    {
        if (Row(chain) is not { Standing: { IsStored: true } standing })
        {
            return null;
        }

        SqliteStatement find = _statements.FindCommit.Bind(0, standing.LastIndex);
        if (!find.Step())
        {
            find.Reset();
            throw new LedgerDamagedException($"{_file.Path}: expected the commit that holds index {standing.LastIndex}, found none");
        }

        LedgerCommit commit = SqliteLedgerReader.ReadCommit(find);
        find.Reset();
        ChainState state = standing.State;
        byte[] wanted = WatermarkSigner.ToBytes(new(chain, state.Position, state.Hash, 0));
        for (int i = 0; i < commit.Leaves.Count; i++)
        {
            if (commit.Leaves[i].Span.SequenceEqual(wanted))
            {
                return WatermarkSigner.Restore(commit.Root, commit.Signature, commit.Leaves, i);
            }
        }

        throw new LedgerDamagedException(
            $"{_file.Path}: expected chain {chain} at position {state.Position} in the commit that ends at index {commit.LastIndex}, found no such leaf");
    }

    private ChainRow? Row(ChainId chain)
    {
        if (_chains.TryGetValue(chain, out ChainRow known))
        {
            return known;
        }

        SqliteStatement find = _statements.FindChain.Bind(0, chain.ToArray());
        if (!find.Step())
        {
            find.Reset();
            return null;
        }

        long id = find.Number(0);
        var enrolment = EnrolmentGrant.Read(find.Blob(1).ToArray());
        (long position, long lastIndex) = (find.Number(2), find.Number(3));
        byte[] publicKey = find.Blob(4).ToArray();
        (bool isRetired, long verdict) = (find.Number(5) == 1, find.Number(6));
        find.Reset();
        Sha256Hash hash = position > 0 ? HashAt(lastIndex) : enrolment.Hash;
        return Remember(chain, new(id, new(enrolment, new(chain, position, hash, publicKey, isRetired), verdict, lastIndex)));
    }

    private ChainRow Remember(ChainId chain, ChainRow row)
    {
        if (_chains.Count >= MaxRemembered)
        {
            _chains.Clear();
        }

        _chains[chain] = row;
        return row;
    }

    private Sha256Hash HashAt(long index)
    {
        using SqliteStatement find =
            _file.Statement($"SELECT hash FROM {LedgerSchema.Table(LedgerSchema.Of(index, _segmentSize))} WHERE idx = ?");
        return find.Bind(0, index).Step()
            ? new(find.Blob(0))
            : throw new LedgerDamagedException($"{_file.Path}: expected an entry at index {index}, where a chain's head points, found none");
    }
}

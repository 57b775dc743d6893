using System.Collections.Immutable;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Keys;
using Invoicing.Signing;
using Invoicing.Sqlite;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Journal;

/// <summary>What a proof of possession brings along, so that an authority that knows an older key follows to the one in force.</summary>
public sealed class JournalKeyChangesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(19)]
    public async Task The_newest_sixteen_lead_from_the_key_before_them_to_the_one_in_force(int changes)
    {
        using TestShop shop = new();
        await (await shop.OpenAsync()).DisposeAsync().AsTask().Soon();
        List<SoftwareSigner> keys = [SigningKeyFile.Read(shop.JournalPath + ".key")!];
        for (int i = 0; i < changes; i++)
        {
            keys.Add(SoftwareSigner.Create());
        }

        ChainId chain = Rotate(shop.JournalPath, keys);
        ImmutableArray<ReceivedEntry> newest = JournalKeyChanges.Newest(shop.JournalPath);

        Assert.Equal(Math.Min(changes, PossessionProof.MaxKeyChanges), newest.Length);
        byte[] statement = PossessionProof.RenewStatement([1, 2, 3], chain);
        var proof = PossessionProof.Make(keys[^1], PossessionPurpose.Renew, statement, newest);
        for (int known = changes - newest.Length; known < keys.Count; known++)
        {
            Assert.Null(proof.Verify(new(), PossessionPurpose.Renew, statement, chain, keys[known].PublicKey.Span));
        }

        if (changes > PossessionProof.MaxKeyChanges)
        {
            Assert.NotNull(proof.Verify(new(), PossessionPurpose.Renew, statement, chain, keys[0].PublicKey.Span));
        }

        keys.ForEach(key => key.Dispose());
    }

    /// <summary>Writes key changes behind what the journal holds.</summary>
    private static ChainId Rotate(string path, List<SoftwareSigner> keys)
    {
        using var reader = JournalReader.Open(path);
        ChainHead head = reader.ReadState().Head;
        using var file = SqliteFile.OpenWriter(path);
        using SqliteStatement insert = file.Statement("INSERT INTO entry(position, kind, hash, signature, body) VALUES(?, ?, ?, ?, ?)");
        for (int i = 1; i < keys.Count; i++)
        {
            SignedEntry entry = ChainAppend.NextSigned(ref head, EntryContents.KeyChange(keys[i], head), head.RecordedAt, keys[i - 1], anchor: null);
            insert.Bind(0, entry.Position).Bind(1, (long)entry.Kind).Bind(2, entry.Hash.ToArray()).Bind(3, entry.Signature.ToArray())
                .Bind(4, entry.Body.Span).Run();
        }

        return head.Chain;
    }
}

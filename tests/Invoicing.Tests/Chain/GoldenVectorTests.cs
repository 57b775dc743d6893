using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Signing;
using Invoicing.Testing;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;

namespace Invoicing.Tests.Chain;

/// <summary>
/// Bytes, hashes and signatures that were written down once and must hold for ever: a chain with every kind of entry that is written today,
/// a watermark and a verdict. Other implementations read the same file. It is made anew only for a new format, with
/// INVOICING_WRITE_VECTORS=1.
/// </summary>
public sealed class GoldenVectorTests
{
    private static readonly string File = RepositoryFolder.File("tests", "vectors", "entry", "chain-1.json");

    [Fact]
    public void The_chain_of_the_vectors_verifies_under_every_signature()
    {
        JsonNode vectors = Load();
        ReceivedEntry[] entries = [.. Entries(vectors).Select(e => new ReceivedEntry(Hex(e, "body"), new(Hex(e, "signature"))))];
        var enrolment = EnrolmentGrant.Read(Hex(vectors, "enrolment"));

        VerifiedRun run = new ChainVerifier(new KeyRing()).Verify(
            ChainState.Start(new(Hex(vectors, "chain")), enrolment.Hash), entries, SignatureDepth.Every);

        Assert.Null(run.Fault);
        Assert.Equal(entries.Length, run.Entries.Count);
        Assert.Equal(Entries(vectors).Select(e => Text(e, "hash")), run.Entries.Select(e => e.Entry.Hash.ToString()));
        Assert.Equal(Entries(vectors).Select(e => Text(e, "kind")), run.Entries.Select(e => e.Entry.Kind.ToString()));
    }

    [Fact]
    public void Hashes_are_sha256_over_prefix_and_body_and_nothing_else()
    {
        foreach (JsonNode entry in Entries(Load()))
        {
            byte[] input = [.. Encoding.ASCII.GetBytes("invoicing/entry/1"), 0, .. Hex(entry, "body")];

            Assert.Equal(Text(entry, "hash"), Convert.ToHexStringLower(SHA256.HashData(input)));
        }
    }

    [Fact]
    public void BouncyCastle_verifies_every_signature_of_the_vectors()
    {
        JsonNode vectors = Load();
        byte[] key = Hex(vectors, "public_key");
        foreach (JsonNode entry in Entries(vectors))
        {
            var verifier = new ECDsaSigner();
            verifier.Init(false, PublicKeyFactory.CreateKey(key));
            byte[] signature = Hex(entry, "signature");
            Assert.True(verifier.VerifySignature(Hex(entry, "hash"), new(1, signature[..32]), new(1, signature[32..])));
            key = entry["next_public_key"] is { } next ? Convert.FromHexString(next.GetValue<string>()) : key;
        }
    }

    [Fact]
    public void Bodies_are_made_again_from_their_fields_byte_for_byte()
    {
        foreach (JsonNode entry in Entries(Load()))
        {
            byte[] body = Hex(entry, "body");
            Assert.Null(EntryFields.Read(body, out EntryFields f));
            var head = new ChainHead(f.Chain, f.Position - 1, f.PreviousHash, 0);

            UnsignedEntry made = ChainAppend.Next(
                ref head, new(f.Kind, f.Content(body).ToArray()), f.RecordedAt, f.KeyId, f.Anchor);

            Assert.Equal(body, made.Body.ToArray());
        }
    }

    [Fact]
    public void Watermark_and_verdict_of_the_vectors_verify()
    {
        JsonNode vectors = Load();
        JsonNode mark = vectors["watermark"]!;
        using var key = VerifyingKey.Import(Hex(vectors, "authority_public_key"));
        var verifier = new WatermarkVerifier([key]);

        Assert.Null(verifier.Verify(
            new(Hex(mark, "root"), new(Hex(mark, "signature")), Hex(mark, "leaf"), mark["leaf_number"]!.GetValue<int>(), Hex(mark, "path")),
            out Watermark? watermark));
        Assert.Equal(Text(mark, "hash"), watermark!.Hash.ToString());
        Assert.Null(Verdict.Verify(
            new(Hex(vectors["verdict"]!, "body"), new(Hex(vectors["verdict"]!, "signature"))),
            new Dictionary<Sha256Hash, VerifyingKey> { [key.KeyId] = key },
            out Verdict? verdict));
        Assert.Equal("VN-TOTAL-1", verdict!.Rule);
    }

    private static JsonNode Load()
    {
        if (Environment.GetEnvironmentVariable("INVOICING_WRITE_VECTORS") == "1")
        {
            System.IO.File.WriteAllText(File, Write().ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        }

        return JsonNode.Parse(System.IO.File.ReadAllText(File))!;
    }

    private static JsonObject Write()
    {
        using var chain = new TestChain();
        using var authority = SoftwareSigner.Create();
        var json = new JsonObject
        {
            ["about"] = "Format 1 of entry.proto and statement.proto. All bytes in hexadecimal.",
            ["enrolment"] = Convert.ToHexStringLower(chain.Enrolment.Bytes.Span),
            ["chain"] = chain.Id.ToString(),
            ["public_key"] = Convert.ToHexStringLower(chain.Signer.PublicKey.Span),
            ["authority_public_key"] = Convert.ToHexStringLower(authority.PublicKey.Span),
        };
        RegisterRecordKey record = new(new(new("SIM-0001"), 7, 99), Sha256Hash.Of("torn"u8), false);
        chain.AddInvoice();
        chain.AddInvoice();
        chain.Add(EntryContents.Hole(record, "VN-TOTAL-1", "expected 120000, found 119000", new(119_000), []));
        chain.Add(EntryContents.RegisterEvent(
            record, RegisterEventType.PowerLoss, "", [AttachmentReference.Create(AttachmentContentKind.Record, "bytes"u8, out _)]));
        chain.Add(EntryContents.LineEvent(new("SIM-0001"), 8, RegisterEventType.NewEpoch, 0, 0, "journal wiped"));
        chain.Add(EntryContents.DeviceEvent(DeviceEventType.ClockStep, "stepped", -1, 1));
        chain.Add(EntryContents.Conflict(record, Sha256Hash.Of("first"u8), 3, []));
        chain.ChangeKey();
        chain.AddInvoice();
        chain.Add(EntryContents.Seal(SealType.Shutdown, "evening"));
        json["entries"] = new JsonArray([.. chain.Entries.Select(e => (JsonNode)ToJson(e, chain))]);
        WatermarkLeafValue[] leaves =
        [
            new(ChainId.Create(), 1, Sha256Hash.Of("a"u8), 0),
            new(chain.Id, chain.Head.Position, chain.Head.Hash, 3),
            new(ChainId.Create(), 5, Sha256Hash.Of("b"u8), 5),
        ];
        SignedWatermark mark = WatermarkSigner.Sign(leaves, 1_783_000_000_000, 17, authority)[1];
        json["watermark"] = new JsonObject
        {
            ["root"] = Convert.ToHexStringLower(mark.Root.Span),
            ["signature"] = mark.Signature.ToString(),
            ["leaf"] = Convert.ToHexStringLower(mark.Leaf.Span),
            ["leaf_number"] = mark.LeafNumber,
            ["path"] = Convert.ToHexStringLower(mark.Path.Span),
            ["hash"] = chain.Head.Hash.ToString(),
        };
        SignedVerdict verdict = new Verdict(
            chain.Id, 1, 4, chain.Entries[3].Hash, VerdictOutcomeKind.Rejected, "VN-TOTAL-1", "expected 120000, found 119000", null, 1_783_000_000_001)
            .Sign(authority);
        json["verdict"] = new JsonObject
        {
            ["body"] = Convert.ToHexStringLower(verdict.Body.Span),
            ["signature"] = verdict.Signature.ToString(),
        };
        return json;
    }

    private static JsonObject ToJson(SignedEntry entry, TestChain chain)
    {
        var json = new JsonObject
        {
            ["kind"] = entry.Kind.ToString(),
            ["body"] = Convert.ToHexStringLower(entry.Body.Span),
            ["hash"] = entry.Hash.ToString(),
            ["signature"] = entry.Signature.ToString(),
        };
        if (entry.Kind == EntryKind.KeyChange)
        {
            json["next_public_key"] = Convert.ToHexStringLower(chain.Signer.PublicKey.Span);
        }

        return json;
    }

    private static IEnumerable<JsonNode> Entries(JsonNode vectors) => vectors["entries"]!.AsArray().Select(e => e!);

    private static string Text(JsonNode node, string key) => node[key]!.GetValue<string>();

    private static byte[] Hex(JsonNode node, string key) => Convert.FromHexString(Text(node, key));
}

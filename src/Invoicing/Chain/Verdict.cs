using Google.Protobuf;
using Invoicing.Hashing;
using Invoicing.Protos.V1;
using Invoicing.Signing;

namespace Invoicing.Chain;

/// <summary>The authority's judgement of one entry, numbered per chain.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Number">From 1, contiguous per chain.</param>
/// <param name="Position">The entry judged.</param>
/// <param name="EntryHash">Its hash.</param>
/// <param name="Outcome">The judgement.</param>
/// <param name="Rule">Id of the rule, at most 40 characters; empty where none applies.</param>
/// <param name="Text">What was expected, what was found, what to do; at most 500 characters.</param>
/// <param name="Supersedes">Number of the verdict that this one replaces.</param>
/// <param name="JudgedAt">UTC, milliseconds since 1970-01-01.</param>
public sealed record Verdict(
    ChainId Chain, long Number, long Position, Sha256Hash EntryHash, VerdictOutcomeKind Outcome, string Rule, string Text,
    long? Supersedes, long JudgedAt)
{
    /// <summary>Most bytes of a signed verdict's body.</summary>
    public const int MaxBody = 2048;

    private static readonly CanonicalForm Form = CanonicalForm.Of(VerdictBody.Descriptor);

    /// <summary>Serialises and signs.</summary>
    /// <exception cref="SignerUnavailableException">The key cannot be used now.</exception>
    public SignedVerdict Sign(ISigner signer)
    {
        ArgumentNullException.ThrowIfNull(signer);
        var body = new VerdictBody
        {
            Format = 1,
            Chain = ByteString.CopyFrom(Chain.ToArray()),
            Number = (ulong)Number,
            Position = (ulong)Position,
            EntryHash = ByteString.CopyFrom(EntryHash.ToArray()),
            Outcome = (VerdictOutcome)Outcome,
            Rule = Rule,
            Text = Text,
            JudgedAt = JudgedAt,
            KeyId = ByteString.CopyFrom(signer.KeyId.ToArray()),
        };
        if (Supersedes is { } before)
        {
            body.Supersedes = (ulong)before;
        }

        byte[] bytes = body.ToByteArray();
        return new(bytes, signer.Sign(Sha256Hash.Of(SignedPrefix.Verdict, bytes)));
    }

    /// <summary>Verifies form and signature.</summary>
    /// <param name="statement">As it came.</param>
    /// <param name="anchors">The authority's keys by id.</param>
    /// <param name="verdict">What it says; only if the answer is <see langword="null"/>.</param>
    /// <returns><see langword="null"/>, or what was expected and what was found.</returns>
    public static string? Verify(SignedVerdict statement, IReadOnlyDictionary<Sha256Hash, VerifyingKey> anchors, out Verdict? verdict)
    {
        ArgumentNullException.ThrowIfNull(statement);
        ArgumentNullException.ThrowIfNull(anchors);
        verdict = null;
        if (statement.Body.Length > MaxBody || !Form.Holds(statement.Body.Span))
        {
            return "expected a verdict in canonical form, found other bytes";
        }

        VerdictBody body = VerdictBody.Parser.ParseFrom(statement.Body.Span);
        if (body.Format != 1 || body.Chain.Length != ChainId.Length || body.EntryHash.Length != Sha256Hash.Length
            || body.KeyId.Length != Sha256Hash.Length || body.Number is 0 or > EntryFields.MaxPosition
            || body.Position is 0 or > EntryFields.MaxPosition)
        {
            return "expected a verdict of format 1 with chain, number, position, hash and key, found other values";
        }

        var keyId = new Sha256Hash(body.KeyId.Span);
        if (!anchors.TryGetValue(keyId, out VerifyingKey? key))
        {
            return $"expected a verdict signed by a key of the enrolment, found key {keyId}";
        }

        if (!key.Verify(Sha256Hash.Of(SignedPrefix.Verdict, statement.Body.Span), statement.Signature))
        {
            return $"expected a verdict signature of key {keyId}, found another";
        }

        verdict = new(
            new(body.Chain.Span), (long)body.Number, (long)body.Position, new(body.EntryHash.Span), (VerdictOutcomeKind)body.Outcome,
            body.Rule, body.Text, body.HasSupersedes ? (long)body.Supersedes : null, body.JudgedAt);
        return null;
    }
}

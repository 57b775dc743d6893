using System.Globalization;
using Google.Protobuf;
using Invoicing.Hashing;
using Invoicing.Protos.V1;
using Invoicing.Signing;

namespace Invoicing.Authority.Enrolment.Acts;

/// <summary>The chain of administrative acts: makes its next link, and checks it as a whole. Pure but for the key.</summary>
/// <remarks>Source: <c>act.proto</c>. What was cut off at the end is told only by an older export: links say nothing of what follows them.</remarks>
internal static class ActChain
{
    /// <summary>Most bytes of an act: all its texts at their limits are less in ASCII, and far less in use.</summary>
    public const int MaxBody = 64 * 1024;

    /// <summary>Most characters of an actor.</summary>
    public const int MaxActor = 100;

    private const int MaxSubject = 200;
    private const int MaxDetails = 32;
    private const int MaxDetailName = 40;
    private const int MaxDetailValue = 1_000;
    private const long LastMoment = 253_402_300_799_999;

    private static readonly MessageParser<ActBody> Parser = ActBody.Parser.WithDiscardUnknownFields(true);

    /// <summary>What the first act links to: the authority's root.</summary>
    /// <param name="rootCertificate">The root (DER).</param>
    public static Sha256Hash Start(ReadOnlySpan<byte> rootCertificate) => Sha256Hash.Of(Prefix, rootCertificate);

    /// <summary>Hash of an act.</summary>
    /// <param name="body">ActBody exactly as signed.</param>
    public static Sha256Hash HashOf(ReadOnlySpan<byte> body) => Sha256Hash.Of(Prefix, body);

    /// <summary>Serialises and signs the next act.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="previous">Hash of the act before it.</param>
    /// <param name="at">UTC, milliseconds since 1970-01-01.</param>
    /// <param name="actor">Who did it.</param>
    /// <param name="draft">What was done.</param>
    /// <param name="signer">The key that signs watermarks.</param>
    /// <exception cref="InvoicingException">A text is longer than an act may hold.</exception>
    public static SignedAct Sign(long number, in Sha256Hash previous, long at, string actor, ActDraft draft, ISigner signer)
    {
        var body = new ActBody
        {
            Format = 1,
            Number = (ulong)number,
            PreviousHash = ByteString.CopyFrom(previous.ToArray()),
            At = at,
            Actor = actor,
            Act = draft.Kind,
            Subject = draft.Subject,
            KeyId = ByteString.CopyFrom(signer.KeyId.ToArray()),
        };
        body.Details.AddRange(draft.Details.Select(d => new ActDetail { Name = d.Name, Value = d.Value }));
        if (LimitFault(body) is { } fault)
        {
            throw new InvoicingException(fault);
        }

        byte[] bytes = body.ToByteArray();
        return new(number, bytes, signer.Sign(HashOf(bytes)));
    }

    /// <summary>Reads an act.</summary>
    /// <param name="body">Its bytes.</param>
    /// <returns>The act; <see langword="null"/> if the bytes are not in canonical form, or break a limit.</returns>
    public static ActBody? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            ActBody read = Parser.ParseFrom(body);
            return body.Length <= MaxBody && read.ToByteArray().AsSpan().SequenceEqual(body) && LimitFault(read) is null ? read : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null; // an expected outcome: the bytes are what is being checked
        }
    }

    /// <summary>Checks a chain from its first act on: form, numbers, links, signatures.</summary>
    /// <param name="acts">All acts in order.</param>
    /// <param name="start">What the first links to, see <see cref="Start"/>.</param>
    /// <param name="key">The key that signs watermarks.</param>
    /// <param name="count">How many hold.</param>
    /// <returns><see langword="null"/>, or at which act what was expected and what was found.</returns>
    public static string? Verify(IEnumerable<SignedAct> acts, in Sha256Hash start, VerifyingKey key, out long count)
    {
        count = 0;
        Sha256Hash previous = start;
        foreach (SignedAct act in acts)
        {
            long expected = count + 1;
            if (act.Number != expected)
            {
                return string.Create(CultureInfo.InvariantCulture, $"act {expected}: expected number {expected}, found {act.Number}");
            }

            Sha256Hash hash = HashOf(act.Body.Span);
            string? fault = Read(act.Body.Span) is not { } body ? "expected an act in canonical form, found other bytes"
                : body.Format != 1 ? $"expected format 1, found {body.Format}"
                : body.Number != (ulong)expected ? $"expected number {expected} in its body, found {body.Number}"
                : !body.PreviousHash.Span.SequenceEqual(previous.ToArray())
                    ? $"expected a link to {previous}, found one to {Convert.ToHexStringLower(body.PreviousHash.Span)}"
                : !body.KeyId.Span.SequenceEqual(key.KeyId.ToArray())
                    ? $"expected key {key.KeyId}, found {Convert.ToHexStringLower(body.KeyId.Span)}"
                : !key.Verify(hash, act.Signature) ? $"expected a signature of key {key.KeyId} over {hash}, found another"
                : null;
            if (fault is not null)
            {
                return string.Create(CultureInfo.InvariantCulture, $"act {expected}: {fault}");
            }

            previous = hash;
            count = expected;
        }

        return null;
    }

    private static ReadOnlySpan<byte> Prefix => "invoicing/act/1\0"u8;

    private static string? LimitFault(ActBody body) =>
        body.Actor.Length is 0 or > MaxActor ? $"actor: expected 1 to {MaxActor} characters, found {body.Actor.Length}"
        : body.Subject.Length > MaxSubject ? $"subject: expected at most {MaxSubject} characters, found {body.Subject.Length}"
        : body.Details.Count > MaxDetails ? $"details: expected at most {MaxDetails}, found {body.Details.Count}"
        : body.Details.FirstOrDefault(d => d.Name.Length is 0 or > MaxDetailName || d.Value.Length > MaxDetailValue) is { } detail
            ? $"details: expected a name of 1 to {MaxDetailName} and a value of at most {MaxDetailValue} characters, found {detail.Name.Length} and {detail.Value.Length}"
        : body.At is < 0 or > LastMoment ? $"at: expected milliseconds of a year up to 9999, found {body.At}"
        : body.PreviousHash.Length != Sha256Hash.Length || body.KeyId.Length != Sha256Hash.Length
            ? $"previous_hash and key_id: expected {Sha256Hash.Length} bytes each, found {body.PreviousHash.Length} and {body.KeyId.Length}"
        : null;
}

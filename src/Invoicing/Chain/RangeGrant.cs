using Google.Protobuf;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Protos.V1;
using Invoicing.Signing;

namespace Invoicing.Chain;

/// <summary>Further codes and numbers that the authority grants to a chain, numbered per enrolment.</summary>
/// <param name="Enrolment">Enrolment that the chain rests on.</param>
/// <param name="Number">From 1, contiguous per enrolment.</param>
/// <param name="Codes">Codes; <see langword="null"/> if only numbers are granted.</param>
/// <param name="Numbers">Numbers; <see langword="null"/> if only codes are granted.</param>
/// <param name="GrantedAt">UTC, milliseconds since 1970-01-01.</param>
public sealed record RangeGrant(ChainId Enrolment, int Number, Invoices.CodeRange? Codes, Invoices.NumberRange? Numbers, long GrantedAt)
{
    /// <summary>Most bytes of a grant's body.</summary>
    public const int MaxBody = 512;

    private static readonly CanonicalForm Form = CanonicalForm.Of(RangeGrantBody.Descriptor);

    /// <summary>Serialises and signs. Only the authority does.</summary>
    /// <exception cref="SignerUnavailableException">The key cannot be used now.</exception>
    public SignedRangeGrant Sign(ISigner signer)
    {
        ArgumentNullException.ThrowIfNull(signer);
        var body = new RangeGrantBody { Format = 1, Enrolment = ByteString.CopyFrom(Enrolment.ToArray()), Number = (uint)Number };
        if (Codes is { } codes)
        {
            body.Codes = ToMessage(codes);
        }

        if (Numbers is { } numbers)
        {
            body.Numbers = ToMessage(numbers);
        }

        body.GrantedAt = GrantedAt;
        body.KeyId = ByteString.CopyFrom(signer.KeyId.ToArray());
        byte[] bytes = body.ToByteArray();
        return new(bytes, signer.Sign(Sha256Hash.Of(SignedPrefix.RangeGrant, bytes)));
    }

    /// <summary>Verifies form and signature.</summary>
    /// <param name="statement">As it came.</param>
    /// <param name="anchors">The authority's keys by id.</param>
    /// <param name="grant">What it says; only if the answer is <see langword="null"/>.</param>
    /// <returns><see langword="null"/>, or what was expected and what was found.</returns>
    public static string? Verify(SignedRangeGrant statement, IReadOnlyDictionary<Sha256Hash, VerifyingKey> anchors, out RangeGrant? grant)
    {
        ArgumentNullException.ThrowIfNull(statement);
        ArgumentNullException.ThrowIfNull(anchors);
        grant = null;
        if (statement.Body.Length > MaxBody || !Form.Holds(statement.Body.Span))
        {
            return "expected a range grant in canonical form, found other bytes";
        }

        RangeGrantBody body = RangeGrantBody.Parser.ParseFrom(statement.Body.Span);
        if (body.Format != 1 || body.Enrolment.Length != ChainId.Length || body.Number is 0 or > int.MaxValue || body.KeyId.Length != Sha256Hash.Length
            || (body.Codes is null && body.Numbers is null))
        {
            return "expected a range grant of format 1 with enrolment, number, a range and key, found other values";
        }

        var keyId = new Sha256Hash(body.KeyId.Span);
        if (!anchors.TryGetValue(keyId, out VerifyingKey? key))
        {
            return $"expected a range grant signed by a key of the enrolment, found key {keyId}";
        }

        if (!key.Verify(Sha256Hash.Of(SignedPrefix.RangeGrant, statement.Body.Span), statement.Signature))
        {
            return $"expected a range grant signature of key {keyId}, found another";
        }

        try
        {
            grant = new(new(body.Enrolment.Span), (int)body.Number, ToCodes(body.Codes), ToNumbers(body.Numbers), body.GrantedAt);
            return null;
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or OverflowException)
        {
            return $"expected ranges in a range grant, found values that none has: {fault.Message}";
        }
    }

    /// <summary>The content of the entry in which a chain takes note of a grant.</summary>
    /// <param name="statement">The grant as it was signed.</param>
    public EntryContent ToContent(SignedRangeGrant statement)
    {
        ArgumentNullException.ThrowIfNull(statement);
        var content = new RangeContent();
        if (Codes is { } codes)
        {
            content.Codes = ToMessage(codes);
        }

        if (Numbers is { } numbers)
        {
            content.Numbers = ToMessage(numbers);
        }

        content.Grant = ByteString.CopyFrom(statement.Body.Span);
        content.GrantSignature = ByteString.CopyFrom(statement.Signature.ToArray());
        return new(EntryKind.Range, content.ToByteArray());
    }

    /// <summary>Reads an entry in which a chain took note of a grant.</summary>
    /// <param name="content">The content message of an entry of kind <see cref="EntryKind.Range"/>.</param>
    /// <param name="anchors">The authority's keys by id.</param>
    /// <param name="grant">What was granted; only if the answer is <see langword="null"/>.</param>
    /// <returns><see langword="null"/>, or what was expected and what was found.</returns>
    public static string? ReadContent(ReadOnlySpan<byte> content, IReadOnlyDictionary<Sha256Hash, VerifyingKey> anchors, out RangeGrant? grant)
    {
        grant = null;
        RangeContent read;
        try
        {
            read = RangeContent.Parser.ParseFrom(content);
        }
        catch (InvalidProtocolBufferException fault)
        {
            return $"expected a range entry, found other bytes: {fault.Message}";
        }

        if (read.GrantSignature.Length != EcdsaSignature.Length)
        {
            return $"expected a signed grant in a range entry, found a signature of {read.GrantSignature.Length} bytes";
        }

        if (Verify(new(read.Grant.Memory, new(read.GrantSignature.Span)), anchors, out RangeGrant? signed) is { } unverified)
        {
            return unverified;
        }

        RangeGrantBody stated = RangeGrantBody.Parser.ParseFrom(read.Grant.Span);
        if (!Equals(read.Codes, stated.Codes) || !Equals(read.Numbers, stated.Numbers))
        {
            return "expected a range entry to state what its grant says, found other ranges";
        }

        grant = signed;
        return null;
    }

    private static Protos.V1.CodeRange ToMessage(Invoices.CodeRange range) =>
        new() { Block = range.Block, First = (ulong)range.First, Last = (ulong)range.Last };

    private static Protos.V1.NumberRange ToMessage(Invoices.NumberRange range) =>
        new() { Series = range.Series.ToString(), First = (uint)range.First, Last = (uint)range.Last };

    private static Invoices.CodeRange? ToCodes(Protos.V1.CodeRange? range) =>
        range is null ? null : new(range.Block, checked((long)range.First), checked((long)range.Last));

    private static Invoices.NumberRange? ToNumbers(Protos.V1.NumberRange? range) =>
        range is null ? null : new(InvoiceSeries.Parse(range.Series), checked((int)range.First), checked((int)range.Last));
}

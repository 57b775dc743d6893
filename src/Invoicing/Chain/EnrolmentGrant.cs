using System.Collections.Immutable;
using Google.Protobuf;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Protos.V1;

namespace Invoicing.Chain;

/// <summary>What the authority granted a device: seller, ranges, trust anchors. One enrolment starts one chain.</summary>
/// <remarks>
/// Its bytes are made once, by the authority, and kept as they are: their hash is the <c>previous_hash</c> of position 1, so a chain says for
/// ever on which grant it rests. Source: design.md 5.1.
/// </remarks>
public sealed class EnrolmentGrant
{
    /// <summary>Most bytes of a record.</summary>
    public const int MaxLength = 32 * 1024;

    private static readonly CanonicalForm Form = CanonicalForm.Of(EnrolmentRecord.Descriptor);

    private EnrolmentGrant(ReadOnlyMemory<byte> bytes, EnrolmentRecord record)
    {
        Bytes = bytes;
        Hash = Sha256Hash.Of(SignedPrefix.Enrolment, bytes.Span);
        Id = new(record.Enrolment.Span);
        Device = record.Device;
        Seller = new(
            TaxCode.Parse(record.Seller.TaxCode), record.Seller.Name, record.Seller.Address, record.Seller.PlaceCode, record.Seller.PlaceName,
            record.Seller.PlaceAddress);
        Kind = (InvoiceKind)record.InvoiceKind;
        CertificateHash = new(record.CertificateHash.Span);
        Codes = [.. record.Codes.Select(r => new Invoices.CodeRange(r.Block, (long)r.First, (long)r.Last))];
        Numbers = [.. record.Numbers.Select(r => new Invoices.NumberRange(InvoiceSeries.Parse(r.Series), (int)r.First, (int)r.Last))];
        Anchors = [.. record.Anchors.Select(a => (ReadOnlyMemory<byte>)a.PublicKey.ToByteArray())];
        EnrolledAt = record.EnrolledAt;
        SigningKey = record.SigningKey.ToByteArray();
        Predecessor = record.HasPredecessorChain
            ? new(new(record.PredecessorChain.Span), (long)record.PredecessorPosition, new(record.PredecessorHash.Span))
            : null;
    }

    /// <summary>The record, exactly as the authority made it.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Its hash: <c>previous_hash</c> of position 1.</summary>
    public Sha256Hash Hash { get; }

    /// <summary>16 random bytes that name the enrolment; of the form of a chain id, and not one.</summary>
    public ChainId Id { get; }

    /// <summary>Name of the device, 1 to 64 printable ASCII characters.</summary>
    public string Device { get; }

    /// <summary>Who sells.</summary>
    public Seller Seller { get; }

    /// <summary>Kind of invoice that this device issues.</summary>
    public InvoiceKind Kind { get; }

    /// <summary>SHA-256 of the transport certificate (DER).</summary>
    public Sha256Hash CertificateHash { get; }

    /// <summary>Codes granted.</summary>
    public ImmutableArray<Invoices.CodeRange> Codes { get; }

    /// <summary>Numbers granted.</summary>
    public ImmutableArray<Invoices.NumberRange> Numbers { get; }

    /// <summary>Keys that sign watermarks and verdicts, as SubjectPublicKeyInfo.</summary>
    public ImmutableArray<ReadOnlyMemory<byte>> Anchors { get; }

    /// <summary>UTC, milliseconds since 1970-01-01.</summary>
    public long EnrolledAt { get; }

    /// <summary>Key (SubjectPublicKeyInfo) that must sign the chain's opening; empty where the authority did not know it when it made the record.</summary>
    public ReadOnlyMemory<byte> SigningKey { get; }

    /// <summary>Where the chain ended that this one succeeds, as far as the authority knew; <see langword="null"/> if it succeeds none.</summary>
    public ChainLink? Predecessor { get; }

    /// <summary>Makes a record. Only the authority does.</summary>
    public static EnrolmentGrant Create(
        string device, Seller seller, InvoiceKind kind, in Sha256Hash certificateHash, IEnumerable<Invoices.CodeRange> codes,
        IEnumerable<Invoices.NumberRange> numbers, IEnumerable<ReadOnlyMemory<byte>> anchors, long enrolledAt,
        ReadOnlyMemory<byte> signingKey = default, ChainLink? predecessor = null)
    {
        ArgumentNullException.ThrowIfNull(seller);
        var record = new EnrolmentRecord
        {
            Format = 1,
            Enrolment = ByteString.CopyFrom(ChainId.Create().ToArray()),
            Device = device,
            Seller = new()
            {
                TaxCode = seller.TaxCode.ToString(),
                Name = seller.Name,
                Address = seller.Address,
                PlaceCode = seller.PlaceCode,
            },
            CertificateHash = ByteString.CopyFrom(certificateHash.ToArray()),
            EnrolledAt = enrolledAt,
            InvoiceKind = (uint)kind,
        };
        if (seller.PlaceName.Length > 0)
        {
            record.Seller.PlaceName = seller.PlaceName;
        }

        if (seller.PlaceAddress.Length > 0)
        {
            record.Seller.PlaceAddress = seller.PlaceAddress;
        }

        record.Codes.AddRange(codes.Select(r => new Protos.V1.CodeRange { Block = r.Block, First = (ulong)r.First, Last = (ulong)r.Last }));
        record.Numbers.AddRange(
            numbers.Select(r => new Protos.V1.NumberRange { Series = r.Series.ToString(), First = (uint)r.First, Last = (uint)r.Last }));
        record.Anchors.AddRange(anchors.Select(a => new TrustAnchor { PublicKey = ByteString.CopyFrom(a.Span) }));
        if (predecessor is { } before)
        {
            record.PredecessorChain = ByteString.CopyFrom(before.Chain.ToArray());
            record.PredecessorPosition = (ulong)before.Position;
            record.PredecessorHash = ByteString.CopyFrom(before.Hash.ToArray());
        }

        if (!signingKey.IsEmpty)
        {
            record.SigningKey = ByteString.CopyFrom(signingKey.Span);
        }

        return Read(record.ToByteArray());
    }

    /// <summary>Reads a record.</summary>
    /// <exception cref="InvoicingException">Not a record in canonical form, or with values that none has.</exception>
    public static EnrolmentGrant Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > MaxLength || !Form.Holds(bytes.Span))
        {
            throw new InvoicingException($"expected an enrolment record of at most {MaxLength} bytes in canonical form, found {bytes.Length} other bytes");
        }

        try
        {
            EnrolmentRecord record = EnrolmentRecord.Parser.ParseFrom(bytes.Span);
            if (record.Format != 1 || record.Seller is null || record.Device.Length is 0 or > 64 || record.Anchors.Count == 0)
            {
                throw new InvoicingException(
                    $"expected an enrolment record of format 1 with device, seller and trust anchors, found format {record.Format}, device '{record.Device}', {record.Anchors.Count} anchors");
            }

            return new(bytes, record);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or OverflowException)
        {
            throw new InvoicingException($"expected an enrolment record, found values that none has: {fault.Message}", innerException: fault);
        }
    }
}

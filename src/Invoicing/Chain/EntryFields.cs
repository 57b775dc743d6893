using Invoicing.Hashing;
using Invoicing.Protos.V1;

namespace Invoicing.Chain;

/// <summary>The header of a body, read in place without the generated parser, and where its content lies.</summary>
/// <remarks>
/// Read by intake for every entry, hence by hand: a twentieth of what the generated classes cost. A test holds it against them.
/// A body of a newer format keeps fields 1 to 7 and is not read beyond them.
/// </remarks>
public readonly record struct EntryFields
{
    /// <summary>Most bytes of a body. Source: design.md 5.1.</summary>
    public const int MaxBody = 32 * 1024;

    /// <summary>Highest position, far beyond any chain and far from overflow.</summary>
    public const long MaxPosition = 1L << 62;

    internal const uint Format1 = 1;

    private const int AllHeaderFields = 0b111_1110; // fields 1 to 6

    private static readonly CanonicalForm Form = CanonicalForm.Of(EntryBody.Descriptor);

    /// <summary>Format of the body; 1 is known.</summary>
    public uint Format { get; private init; }

    /// <summary>The chain named.</summary>
    public ChainId Chain { get; private init; }

    /// <summary>Place in the chain, from 1.</summary>
    public long Position { get; private init; }

    /// <summary>Hash of the entry before.</summary>
    public Sha256Hash PreviousHash { get; private init; }

    /// <summary>Device time, UTC, milliseconds since 1970-01-01.</summary>
    public long RecordedAt { get; private init; }

    /// <summary>Key that signs.</summary>
    public Sha256Hash KeyId { get; private init; }

    /// <summary>Newest verified watermark when the entry was made.</summary>
    public Anchor? Anchor { get; private init; }

    /// <summary>What it states; <see cref="EntryKind.Unknown"/> for a newer format.</summary>
    public EntryKind Kind { get; private init; }

    /// <summary>Where the content message begins in the body.</summary>
    public int ContentStart { get; private init; }

    /// <summary>Whether the format is known, so that form and content were checked.</summary>
    public bool IsKnownFormat => Format == Format1;

    /// <summary>Reads a body and checks its form.</summary>
    /// <param name="body">The signed bytes.</param>
    /// <param name="fields">What it says; only if the answer is <see langword="null"/>.</param>
    /// <returns><see langword="null"/>, or what was expected and what was found.</returns>
    public static string? Read(ReadOnlySpan<byte> body, out EntryFields fields)
    {
        fields = default;
        if (body.Length is 0 or > MaxBody)
        {
            return $"expected a body of 1 to {MaxBody} bytes, found {body.Length}";
        }

        var scan = new HeaderScan();
        if (scan.Run(body) is { } fault)
        {
            return fault;
        }

        fields = scan.Fields;
        if (fields.IsKnownFormat)
        {
            return !Form.Holds(body) ? "expected a body in canonical form (fields in order, shortest varints, no unknown field), found other bytes"
                : fields.Kind == EntryKind.Unknown ? "expected exactly one content, found none"
                : null;
        }

        return fields.Format > Format1 ? null : $"expected format {Format1} or newer, found {fields.Format}";
    }

    /// <summary>The content message of a body that was read.</summary>
    public ReadOnlySpan<byte> Content(ReadOnlySpan<byte> body) => body[ContentStart..];

    /// <summary>One pass over the top level of a body.</summary>
    private ref struct HeaderScan()
    {
        private int _seen;

        public EntryFields Fields { get; private set; }

        public string? Run(ReadOnlySpan<byte> body)
        {
            var reader = new WireReader(body);
            while (!reader.IsAtEnd)
            {
                if (!reader.TryReadTag(out int field, out int wireType))
                {
                    return $"expected a field at byte {reader.At}, found none";
                }

                // A newer format may add fields of any type after the header; it is kept as it is and not read.
                if (field > 7 && Fields.Format > Format1)
                {
                    break;
                }

                bool good = wireType switch
                {
                    WireReader.Varint => reader.TryReadVarint(out ulong number) && Take(field, number),
                    WireReader.Bytes => reader.TryReadBytes(out ReadOnlySpan<byte> bytes) && Take(field, bytes, reader.At),
                    _ => false,
                };
                if (!good)
                {
                    return $"expected field {field} of an entry body before byte {reader.At}, found other bytes";
                }
            }

            return (_seen & AllHeaderFields) == AllHeaderFields ? null : "expected fields 1 to 6 of an entry body, found some missing";
        }

        private bool Take(int field, ulong number)
        {
            _seen |= field < 8 ? 1 << field : 0;
            switch (field)
            {
                case 1 when number <= uint.MaxValue:
                    Fields = Fields with { Format = (uint)number };
                    return true;
                case 3 when number is > 0 and <= MaxPosition:
                    Fields = Fields with { Position = (long)number };
                    return true;
                case 5:
                    Fields = Fields with { RecordedAt = unchecked((long)number) };
                    return true;
                default:
                    return false;
            }
        }

        private bool Take(int field, ReadOnlySpan<byte> bytes, int end)
        {
            _seen |= field < 8 ? 1 << field : 0;
            switch (field)
            {
                case 2 when bytes.Length == ChainId.Length:
                    Fields = Fields with { Chain = new(bytes) };
                    return true;
                case 4 when bytes.Length == Sha256Hash.Length:
                    Fields = Fields with { PreviousHash = new(bytes) };
                    return true;
                case 6 when bytes.Length == Sha256Hash.Length:
                    Fields = Fields with { KeyId = new(bytes) };
                    return true;
                case 7:
                    return TakeAnchor(bytes);
                case >= (int)EntryKind.Opening and <= (int)EntryKind.Seal when Fields.Kind == EntryKind.Unknown:
                    Fields = Fields with { Kind = (EntryKind)field, ContentStart = end - bytes.Length };
                    return true;
                default:
                    return false;
            }
        }

        private bool TakeAnchor(ReadOnlySpan<byte> bytes)
        {
            var reader = new WireReader(bytes);
            if (!reader.TryReadTag(out int first, out int firstType) || (first, firstType) != (1, WireReader.Bytes)
                || !reader.TryReadBytes(out ReadOnlySpan<byte> hash) || hash.Length != Sha256Hash.Length
                || !reader.TryReadTag(out int second, out int secondType) || (second, secondType) != (2, WireReader.Varint)
                || !reader.TryReadVarint(out ulong time) || !reader.IsAtEnd)
            {
                return false;
            }

            Fields = Fields with { Anchor = new Anchor(new(hash), unchecked((long)time)) };
            return true;
        }
    }
}

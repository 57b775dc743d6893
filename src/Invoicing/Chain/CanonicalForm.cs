using System.Collections.Concurrent;
using System.Text.Unicode;
using Google.Protobuf.Reflection;

namespace Invoicing.Chain;

/// <summary>Decides whether bytes are what protobuf itself would write for a message of <c>entry.proto</c>.</summary>
/// <remarks>
/// Same answer as parsing the bytes and serialising them again, at a tenth of the cost: fields known, in the order of their numbers,
/// each once unless repeated, varints shortest and within their type, strings UTF-8. It relies on the rules at the head of
/// <c>entry.proto</c> (explicit presence, no maps, no groups, no packed scalars); a test holds it against the generated parser.
/// Source: design.md 5.1.
/// </remarks>
internal sealed class CanonicalForm
{
    /// <summary>Deepest nesting: body, correction, invoice, line, rate are five; twice that leaves room.</summary>
    private const int MaxDepth = 10;

    private static readonly ConcurrentDictionary<string, CanonicalForm> Known = new(StringComparer.Ordinal);

    private readonly Rule?[] _rules;

    private CanonicalForm(MessageDescriptor message)
    {
        _rules = new Rule?[message.Fields.InDeclarationOrder().Max(f => f.FieldNumber) + 1];
        foreach (FieldDescriptor field in message.Fields.InDeclarationOrder())
        {
            bool isMessage = field.FieldType == FieldType.Message;
            if (field.IsRepeated && !isMessage)
            {
                throw new NotSupportedException($"{field.FullName}: signed messages have no repeated scalars");
            }

            _rules[field.FieldNumber] = new(
                field.FieldType, WireTypeOf(field.FieldType), field.IsRepeated, isMessage ? new(() => Of(field.MessageType)) : null);
        }
    }

    /// <summary>The form of a message type; made once.</summary>
    public static CanonicalForm Of(MessageDescriptor message) => Known.GetOrAdd(message.FullName, _ => new(message));

    /// <summary>Whether the bytes are the canonical form of the message.</summary>
    public bool Holds(ReadOnlySpan<byte> bytes) => Holds(bytes, MaxDepth);

    private static int WireTypeOf(FieldType type) => type switch
    {
        FieldType.Fixed64 or FieldType.SFixed64 => WireReader.Fixed64,
        FieldType.Fixed32 or FieldType.SFixed32 => WireReader.Fixed32,
        FieldType.Bytes or FieldType.String or FieldType.Message => WireReader.Bytes,
        FieldType.Group or FieldType.Float or FieldType.Double => throw new NotSupportedException($"signed messages have no {type}"),
        _ => WireReader.Varint,
    };

    private static bool InRange(FieldType type, ulong value) => type switch
    {
        FieldType.Bool => value <= 1,
        FieldType.UInt32 or FieldType.SInt32 => value <= uint.MaxValue,
        FieldType.Int32 or FieldType.Enum => unchecked((long)value) is >= int.MinValue and <= int.MaxValue,
        _ => true,
    };

    private bool Holds(ReadOnlySpan<byte> bytes, int depth)
    {
        var reader = new WireReader(bytes);
        int last = 0;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out int field, out int wireType) || field >= _rules.Length || _rules[field] is not { } rule
                || wireType != rule.WireType || field < last || (field == last && !rule.IsRepeated) || !ValueHolds(ref reader, rule, depth))
            {
                return false;
            }

            last = field;
        }

        return true;
    }

    private static bool ValueHolds(ref WireReader reader, Rule rule, int depth)
    {
        switch (rule.WireType)
        {
            case WireReader.Varint:
                return reader.TryReadVarint(out ulong value) && InRange(rule.Type, value);
            case WireReader.Bytes:
                return reader.TryReadBytes(out ReadOnlySpan<byte> inner) && rule.Type switch
                {
                    FieldType.String => Utf8.IsValid(inner),
                    FieldType.Message => depth > 1 && rule.Message!.Value.Holds(inner, depth - 1),
                    _ => true,
                };
            default:
                return reader.TrySkip(rule.WireType);
        }
    }

    private sealed record Rule(FieldType Type, int WireType, bool IsRepeated, Lazy<CanonicalForm>? Message);
}

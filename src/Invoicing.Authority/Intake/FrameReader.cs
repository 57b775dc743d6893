using Google.Protobuf;
using Invoicing.Protos.V1;
using Invoicing.Signing;

namespace Invoicing.Authority.Intake;

/// <summary>Reads an IntakeRequest by hand, so that bodies and signatures stay slices of one buffer: a third of the generated classes' cost.</summary>
/// <remarks>
/// Not a signed form: unknown fields are skipped and any field order is taken, as protobuf demands. No length is believed before it is
/// compared with what is there. A test holds it against the generated parser.
/// </remarks>
internal ref struct FrameReader(ReadOnlyMemory<byte> memory)
{
    private static readonly IReadOnlyList<SubmittedAttachment> NoAttachments = [];

    private readonly ReadOnlySpan<byte> _bytes = memory.Span;
    private int _at;

    /// <summary>Reads a message.</summary>
    /// <param name="message">Its bytes, kept by what is returned.</param>
    public static IntakeFrame Read(ReadOnlyMemory<byte> message)
    {
        // IntakeRequest = hello(1) | batch(2) | ranges(3) | alive(4)
        var reader = new FrameReader(message);
        IntakeFrame? found = null;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryField(out int field, out int wireType))
            {
                return Unreadable("IntakeRequest");
            }

            if (field is >= 1 and <= 4 && wireType == 2)
            {
                if (!reader.TrySlice(out ReadOnlyMemory<byte> inner))
                {
                    return Unreadable("IntakeRequest");
                }

                found = field == 2 ? ReadBatch(inner) : ReadMessage(field, inner);
                if (found is IntakeFrame.Unreadable)
                {
                    return found;
                }
            }
            else if (!reader.TrySkip(wireType))
            {
                return Unreadable("IntakeRequest");
            }
        }

        return found ?? new IntakeFrame.Unreadable("expected a hello or a batch, found an empty request");
    }

    private readonly bool IsAtEnd => _at == _bytes.Length;

    private static IntakeFrame.Unreadable Unreadable(string what) => new($"expected {what} as in intake.proto, found other bytes");

    /// <summary>What comes seldom, by the generated parser.</summary>
    private static IntakeFrame ReadMessage(int field, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return field switch
            {
                1 => new IntakeFrame.Greeting(Hello.Parser.ParseFrom(bytes.Span)),
                3 => ReadRanges(RangeRequest.Parser.ParseFrom(bytes.Span)),
                _ => new IntakeFrame.Alive(Alive.Parser.ParseFrom(bytes.Span).Proof),
            };
        }
        catch (InvalidProtocolBufferException)
        {
            return Unreadable(field switch { 1 => "Hello", 3 => "RangeRequest", _ => "Alive" });
        }
    }

    private static IntakeFrame ReadRanges(RangeRequest request) => request.Granted > int.MaxValue || request.Year > 99
        ? new IntakeFrame.Unreadable($"granted, year: expected at most {int.MaxValue} and 99, found {request.Granted} and {request.Year}")
        : new IntakeFrame.Ranges(new((int)request.Granted, request.Codes, request.Numbers, (int)request.Year));

    private static IntakeFrame ReadBatch(ReadOnlyMemory<byte> bytes)
    {
        // Batch = entries(1)*
        var entries = new List<SubmittedItem>(Math.Min(IntakeLimits.BatchEntries, (bytes.Length / 400) + 1));
        var reader = new FrameReader(bytes);
        int length = 0;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryField(out int field, out int wireType))
            {
                return Unreadable("Batch");
            }

            if (field != 1 || wireType != 2)
            {
                if (!reader.TrySkip(wireType))
                {
                    return Unreadable("Batch");
                }
            }
            else if (!reader.TrySlice(out ReadOnlyMemory<byte> inner) || !TryEntry(inner, out SubmittedItem item))
            {
                return Unreadable("SubmittedEntry");
            }
            else
            {
                entries.Add(item);
                length += item.Entry.Body.Length;
            }
        }

        return new IntakeFrame.Run(entries, length);
    }

    private static bool TryEntry(ReadOnlyMemory<byte> bytes, out SubmittedItem item)
    {
        // SubmittedEntry = body(1) signature(2) attachments(3)*
        item = default;
        var reader = new FrameReader(bytes);
        ReadOnlyMemory<byte> body = default;
        EcdsaSignature signature = default;
        List<SubmittedAttachment>? attachments = null;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryField(out int field, out int wireType))
            {
                return false;
            }

            if (field is < 1 or > 3 || wireType != 2)
            {
                if (!reader.TrySkip(wireType))
                {
                    return false;
                }

                continue;
            }

            if (!reader.TrySlice(out ReadOnlyMemory<byte> value))
            {
                return false;
            }

            switch (field)
            {
                case 1:
                    body = value;
                    break;
                case 2:
                    signature = value.Length == EcdsaSignature.Length ? new(value.Span) : default;
                    break;
                default:
                    if (!TryAttachment(value, out SubmittedAttachment attachment))
                    {
                        return false;
                    }

                    (attachments ??= []).Add(attachment);
                    break;
            }
        }

        item = new(new(body, signature), attachments ?? NoAttachments);
        return true;
    }

    private static bool TryAttachment(ReadOnlyMemory<byte> bytes, out SubmittedAttachment attachment)
    {
        // Attachment = salt(1) content(2)
        attachment = default;
        var reader = new FrameReader(bytes);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryField(out int field, out int wireType))
            {
                return false;
            }

            if (field is < 1 or > 2 || wireType != 2)
            {
                if (!reader.TrySkip(wireType))
                {
                    return false;
                }
            }
            else if (reader.TrySlice(out ReadOnlyMemory<byte> value))
            {
                attachment = field == 1 ? attachment with { Salt = value } : attachment with { Content = value };
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private bool TryVarint(out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 70 && _at < _bytes.Length; shift += 7)
        {
            byte next = _bytes[_at++];
            value |= unchecked((ulong)(next & 0x7F) << shift);
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    private bool TryField(out int field, out int wireType)
    {
        bool read = TryVarint(out ulong tag);
        wireType = (int)(tag & 7);
        field = tag >> 3 <= 536_870_911 ? (int)(tag >> 3) : 0;
        return read && field > 0;
    }

    private bool TrySlice(out ReadOnlyMemory<byte> slice)
    {
        slice = default;
        if (!TryVarint(out ulong length) || length > (ulong)(_bytes.Length - _at))
        {
            return false;
        }

        slice = memory.Slice(_at, (int)length);
        _at += (int)length;
        return true;
    }

    private bool TrySkip(int wireType)
    {
        switch (wireType)
        {
            case 0:
                return TryVarint(out _);
            case 2:
                return TrySlice(out _);
            case 1 or 5:
                int length = wireType == 1 ? 8 : 4;
                bool fits = _bytes.Length - _at >= length;
                _at += fits ? length : 0;
                return fits;
            default:
                return false;
        }
    }
}

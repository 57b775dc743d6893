using System.Buffers.Binary;
using System.Text;

namespace Invoicing.Registers.Tlk.Framing;

/// <summary>A run of TLVs, taken apart and checked against the lengths that are really there. TLK/1 §2.</summary>
/// <remarks>
/// Getters return something harmless for what is missing or wrong and note the first fault in the <see cref="TlvFault"/>: ask it once at
/// the end. Nothing is copied; values are parts of the bytes given.
/// </remarks>
internal sealed class TlvGroup
{
    private const int MaxLengthBytes = 3;
    private const int MaxLength = 32_767;
    private const byte Critical = 0x80;
    private const long TimeLimit = 1L << 47;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<(byte Tag, ReadOnlyMemory<byte> Value)> _fields = [];
    private readonly string _what;
    private readonly TlvFault _fault;

    /// <summary>Takes a run apart.</summary>
    /// <param name="bytes">The run.</param>
    /// <param name="what">What it is, for faults.</param>
    /// <param name="known">Tags of its table; those of <paramref name="repeated"/>, too. Others are skipped, or a fault from 80h on.</param>
    /// <param name="repeated">Tags that may come more than once.</param>
    /// <param name="fault">Where faults go.</param>
    internal TlvGroup(ReadOnlyMemory<byte> bytes, string what, ReadOnlySpan<byte> known, ReadOnlySpan<byte> repeated, TlvFault fault)
    {
        _what = what;
        _fault = fault;
        while (!bytes.IsEmpty && TryTake(ref bytes, out byte tag, out ReadOnlyMemory<byte> value))
        {
            if (!known.Contains(tag))
            {
                if (tag >= Critical)
                {
                    Note(tag, "a known tag, as this one is critical", "a tag that this gateway does not know");
                }

                continue;
            }

            if (Has(tag) && !repeated.Contains(tag))
            {
                Note(tag, "once", "twice");
            }

            _fields.Add((tag, value));
        }
    }

    internal bool Has(byte tag) => _fields.Exists(field => field.Tag == tag);

    internal IEnumerable<ReadOnlyMemory<byte>> All(byte tag) => _fields.Where(field => field.Tag == tag).Select(field => field.Value);

    internal ReadOnlyMemory<byte> Bytes(byte tag, int least, int most)
    {
        ReadOnlyMemory<byte> value = Required(tag, -1);
        if (Has(tag) && (value.Length < least || value.Length > most))
        {
            Note(tag, least == most ? $"{least} bytes" : $"{least} to {most} bytes", $"{value.Length}");
        }

        return value;
    }

    internal byte U8(byte tag, byte least = 0, byte most = byte.MaxValue) => (byte)Range(tag, Number(tag, 1), least, most);

    internal ushort U16(byte tag, ushort least = 0, ushort most = ushort.MaxValue) => (ushort)Range(tag, Number(tag, 2), least, most);

    internal uint U32(byte tag, uint least = 0, uint most = uint.MaxValue) => (uint)Range(tag, Number(tag, 4), least, most);

    internal ulong U64(byte tag, ulong least = 0) => Range(tag, Number(tag, 8), least, ulong.MaxValue);

    internal long S64(byte tag, long least = long.MinValue)
    {
        long value = unchecked((long)(Number(tag, 8) ?? 0));
        if (Has(tag) && value < least)
        {
            Note(tag, $"at least {least}", $"{value}");
        }

        return value;
    }

    internal string Text(byte tag, int maxBytes)
    {
        ReadOnlyMemory<byte> value = Bytes(tag, 1, maxBytes);
        try
        {
            string text = Strict.GetString(value.Span);
            if (text.Any(c => c is < ' ' or '\u007F'))
            {
                Note(tag, "text without control characters", Convert.ToHexString(value.Span));
            }

            return text;
        }
        catch (DecoderFallbackException)
        {
            Note(tag, "UTF-8", Convert.ToHexString(value.Span));
            return string.Empty;
        }
    }

    internal DateTimeOffset Time(byte tag)
    {
        ReadOnlySpan<byte> value = Required(tag, 10).Span;
        if (value.IsEmpty)
        {
            return default;
        }

        long milliseconds = BinaryPrimitives.ReadInt64LittleEndian(value);
        short minutes = BinaryPrimitives.ReadInt16LittleEndian(value[8..]);
        if (milliseconds is < 0 or >= TimeLimit || minutes is < -840 or > 840)
        {
            Note(tag, "milliseconds of 0 to 2^47 and an offset of ±840 minutes", $"{milliseconds} and {minutes}");
            return default;
        }

        return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToOffset(TimeSpan.FromMinutes(minutes));
    }

    /// <summary>Notes a fault of a field.</summary>
    internal void Note(byte tag, string expected, string found) => _fault.Note($"{_what}, tag {tag:X2}: expected {expected}, found {found}");

    /// <summary>Reads a tag, a length and that many bytes; a length is checked against what is there before anything is taken.</summary>
    private bool TryTake(ref ReadOnlyMemory<byte> bytes, out byte tag, out ReadOnlyMemory<byte> value)
    {
        ReadOnlySpan<byte> span = bytes.Span;
        tag = span[0];
        value = default;
        int length = 0;
        for (int i = 0; i < MaxLengthBytes; i++)
        {
            if (1 + i >= span.Length)
            {
                Note(tag, "a length", "the end");
                return false;
            }

            byte part = span[1 + i];
            length |= (part & 0x7F) << (7 * i);
            if ((part & 0x80) != 0)
            {
                continue;
            }

            int start = 2 + i;
            if ((i > 0 && part == 0) || length > MaxLength || length > span.Length - start)
            {
                Note(tag, $"a length in its shortest form of at most {span.Length - start}", $"{length} in {i + 1} bytes");
                return false;
            }

            value = bytes.Slice(start, length);
            bytes = bytes[(start + length)..];
            return true;
        }

        Note(tag, $"a length of at most {MaxLengthBytes} bytes", "a longer one");
        return false;
    }

    private ReadOnlyMemory<byte> Required(byte tag, int length)
    {
        foreach ((byte has, ReadOnlyMemory<byte> value) in _fields)
        {
            if (has != tag)
            {
                continue;
            }

            if (length < 0 || value.Length == length)
            {
                return value;
            }

            Note(tag, $"{length} bytes", $"{value.Length}");
            return default;
        }

        Note(tag, "it", "nothing");
        return default;
    }

    private ulong? Number(byte tag, int length)
    {
        ReadOnlySpan<byte> value = Required(tag, length).Span;
        if (value.IsEmpty)
        {
            return null;
        }

        ulong number = 0;
        for (int i = length - 1; i >= 0; i--)
        {
            number = (number << 8) | value[i];
        }

        return number;
    }

    private ulong Range(byte tag, ulong? value, ulong least, ulong most)
    {
        if (value is not { } number)
        {
            return least;
        }

        if (number < least || number > most)
        {
            Note(tag, $"{least}..{most}", $"{number}");
            return least;
        }

        return number;
    }
}

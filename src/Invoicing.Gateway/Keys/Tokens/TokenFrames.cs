using System.Buffers.Binary;
using System.Text;

namespace Invoicing.Gateway.Keys.Tokens;

/// <summary>Messages between a program and its key host: length, kind, number, content. Pure but for the streams.</summary>
/// <remarks>
/// frame = length (4 bytes, big-endian, of what follows) kind (1 byte) number (4 bytes) content. A field of the content is its length (4 bytes)
/// and its bytes. Requests are numbered by the program; an answer bears its request's number.
/// </remarks>
internal static class TokenFrames
{
    /// <summary>Open: module, address, PIN, flags. Answer: kind of key, public key, certificate.</summary>
    public const byte Open = 1;

    /// <summary>Sign: fields of 32 bytes. Answer: as many signatures.</summary>
    public const byte Sign = 2;

    /// <summary>The request was done.</summary>
    public const byte Done = 3;

    /// <summary>It was not: one byte <see cref="TokenTrouble"/>, then a text.</summary>
    public const byte Trouble = 4;

    /// <summary>Most bytes of a frame: 64 RSA signatures of 4,096 bits, or a certificate of any size that a token holds.</summary>
    public const int MaxLength = 64 * 1024;

    private const int Head = sizeof(byte) + sizeof(int);

    /// <summary>Makes a frame.</summary>
    public static byte[] Write(byte kind, int number, params ReadOnlySpan<byte[]> fields)
    {
        int length = Head;
        foreach (byte[] field in fields)
        {
            length += sizeof(int) + field.Length;
        }

        byte[] frame = new byte[sizeof(int) + length];
        BinaryPrimitives.WriteInt32BigEndian(frame, length);
        frame[sizeof(int)] = kind;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(sizeof(int) + sizeof(byte)), number);
        Span<byte> rest = frame.AsSpan(sizeof(int) + Head);
        foreach (byte[] field in fields)
        {
            BinaryPrimitives.WriteInt32BigEndian(rest, field.Length);
            field.CopyTo(rest[sizeof(int)..]);
            rest = rest[(sizeof(int) + field.Length)..];
        }

        return frame;
    }

    /// <summary>Reads the next frame.</summary>
    /// <returns><see langword="null"/> at the end of the stream.</returns>
    /// <exception cref="InvalidDataException">Other bytes than frames.</exception>
    /// <exception cref="EndOfStreamException">The stream ends within a frame.</exception>
    public static (byte Kind, int Number, byte[][] Fields)? Read(Stream stream)
    {
        Span<byte> prefix = stackalloc byte[sizeof(int)];
        int first = stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false);
        if (first == 0)
        {
            return null;
        }

        int length = first == prefix.Length ? BinaryPrimitives.ReadInt32BigEndian(prefix) : throw new EndOfStreamException();
        if (length is < Head or > MaxLength)
        {
            throw new InvalidDataException($"expected a frame of {Head} to {MaxLength} bytes, found {length}");
        }

        byte[] frame = new byte[length];
        stream.ReadExactly(frame);
        var fields = new List<byte[]>();
        for (ReadOnlySpan<byte> rest = frame.AsSpan(Head); rest.Length > 0;)
        {
            int size = rest.Length >= sizeof(int) ? BinaryPrimitives.ReadInt32BigEndian(rest) : -1;
            if (size < 0 || size > rest.Length - sizeof(int))
            {
                throw new InvalidDataException($"expected a field of at most {rest.Length} bytes, found {size}");
            }

            fields.Add(rest.Slice(sizeof(int), size).ToArray());
            rest = rest[(sizeof(int) + size)..];
        }

        return (frame[0], BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(1)), [.. fields]);
    }

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(byte[] field) => Encoding.UTF8.GetString(field);
}

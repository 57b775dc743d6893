using System.Security.Cryptography;

namespace Invoicing.Registers.Lines;

/// <summary>Takes personal data out of one direction of a recording, so that it can be handed to somebody else. Not thread-safe.</summary>
/// <remarks>
/// What is masked keeps its length and stays what it was for a parser; the same text becomes the same mask within one recording, so that a
/// repeated receipt stays a repeated receipt. The key is drawn for each recording and kept nowhere.
/// </remarks>
public abstract class RecordingMask
{
    private readonly byte[] _key;

    /// <summary>Makes a mask.</summary>
    /// <param name="key">Drawn for the recording; both directions use the same.</param>
    protected RecordingMask(ReadOnlyMemory<byte> key) => _key = key.ToArray();

    /// <summary>Its name in the recording's header.</summary>
    public abstract string Name { get; }

    /// <summary>Takes bytes as they ran over the line.</summary>
    /// <returns>What may be written down by now; less than was taken while the end of something is awaited.</returns>
    public abstract byte[] Take(ReadOnlySpan<byte> bytes);

    /// <summary>The recording or the connection ends: gives what was held back.</summary>
    public abstract byte[] Finish();

    /// <summary>Replaces text in place: digits by others, anything else by <c>x</c>; blanks stay.</summary>
    protected void Replace(Span<byte> text)
    {
        Span<byte> stream = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, text, stream);
        for (int i = 0; i < text.Length; i++)
        {
            byte c = text[i];
            text[i] = c == (byte)' ' ? c
                : c is >= (byte)'0' and <= (byte)'9' ? (byte)('0' + (stream[i % stream.Length] % 10))
                : (byte)'x';
        }
    }
}

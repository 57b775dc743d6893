using System.Buffers;

namespace Invoicing.Registers.Datecs.Pull;

/// <summary>Gathers a document's bytes: the data of each reply, ended by a line feed.</summary>
internal sealed class DocumentBytes
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Whether a reply did not fit any more.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Adds a reply's data, if it fits.</summary>
    public void Add(ReadOnlySpan<byte> data)
    {
        if (IsFull || _bytes.WrittenCount + data.Length + 1 > DatecsReading.MaxBytes)
        {
            IsFull = true;
            return;
        }

        _bytes.Write(data);
        _bytes.Write("\n"u8);
    }

    /// <summary>Says that there is more than is read.</summary>
    public void Close() => IsFull = true;

    /// <summary>What was gathered.</summary>
    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();
}

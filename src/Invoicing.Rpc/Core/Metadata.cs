using System.Collections;

namespace Grpc.Core;

/// <summary>Headers or trailers of a call: keys in lower case, any number of values per key, in order. Not safe for threads.</summary>
internal sealed partial class Metadata : IList<Metadata.Entry>
{
    /// <summary>Keys that end so carry bytes, all others printable ASCII.</summary>
    public const string BinaryHeaderSuffix = "-bin";

    /// <summary>Nothing, and nothing can be added.</summary>
    public static readonly Metadata Empty = new() { IsReadOnly = true };

    private readonly List<Entry> _entries = [];

    /// <inheritdoc />
    public int Count => _entries.Count;

    /// <inheritdoc />
    public bool IsReadOnly { get; private init; }

    /// <inheritdoc />
    public Entry this[int index]
    {
        get => _entries[index];
        set => Writable()[index] = Checked(value);
    }

    /// <summary>The last value of a key, whatever its case.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Null if there is none.</returns>
    public Entry? Get(string key) => _entries.FindLast(entry => entry.Has(key));

    /// <summary>The last text value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Null if there is none.</returns>
    public string? GetValue(string key) => Get(key)?.Value;

    /// <summary>The last value of a key as bytes.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Null if there is none.</returns>
    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;

    /// <summary>All values of a key, in order.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Empty if there is none.</returns>
    public IEnumerable<Entry> GetAll(string key) => _entries.Where(entry => entry.Has(key));

    /// <summary>Adds a text value.</summary>
    /// <param name="key">Letters, digits, '-', '_' and '.', not ending in "-bin".</param>
    /// <param name="value">Printable ASCII.</param>
    public void Add(string key, string value) => Add(new Entry(key, value));

    /// <summary>Adds a binary value.</summary>
    /// <param name="key">As for text, but ending in "-bin".</param>
    /// <param name="valueBytes">Any bytes; copied.</param>
    public void Add(string key, byte[] valueBytes) => Add(new Entry(key, valueBytes));

    /// <inheritdoc />
    public void Add(Entry item) => Writable().Add(Checked(item));

    /// <inheritdoc />
    public void Insert(int index, Entry item) => Writable().Insert(index, Checked(item));

    /// <inheritdoc />
    public bool Remove(Entry item) => Writable().Remove(item);

    /// <inheritdoc />
    public void RemoveAt(int index) => Writable().RemoveAt(index);

    /// <inheritdoc />
    public void Clear() => Writable().Clear();

    /// <inheritdoc />
    public int IndexOf(Entry item) => _entries.IndexOf(item);

    /// <inheritdoc />
    public bool Contains(Entry item) => _entries.Contains(item);

    /// <inheritdoc />
    public void CopyTo(Entry[] array, int arrayIndex) => _entries.CopyTo(array, arrayIndex);

    /// <inheritdoc />
    public IEnumerator<Entry> GetEnumerator() => _entries.GetEnumerator();

    /// <inheritdoc />
    IEnumerator IEnumerable.GetEnumerator() => _entries.GetEnumerator();

    private static Entry Checked(Entry? entry) => entry ?? throw new ArgumentNullException(nameof(entry));

    private List<Entry> Writable() => IsReadOnly ? throw new InvalidOperationException("Object is read only") : _entries;
}

using System.Collections;

namespace Invoicing.NationalXml.Documents;

/// <summary>Values of one group under the law's element names. There is no empty value: what is empty is not there.</summary>
/// <remarks>Some ten values, so a list is searched; the order is that of setting and means nothing. Not safe for several threads.</remarks>
public sealed class Fields : IEnumerable<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _values = [];

    /// <summary>How many values.</summary>
    public int Count => _values.Count;

    /// <summary>A value, or <see langword="null"/> where there is none.</summary>
    /// <param name="tag">Name of the element, or of the TTin in TTKhac.</param>
    public string? this[string tag]
    {
        get
        {
            foreach (KeyValuePair<string, string> value in _values)
            {
                if (value.Key == tag)
                {
                    return value.Value;
                }
            }

            return null;
        }
    }

    /// <summary>Whether both hold the same values under the same names.</summary>
    public bool HasSame(Fields other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Count == other.Count && _values.TrueForAll(value => other[value.Key] == value.Value);
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds a value; does nothing for an empty one.</summary>
    /// <returns>Whether the name was free.</returns>
    internal bool Add(string tag, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return true;
        }

        if (this[tag] is not null)
        {
            return false;
        }

        _values.Add(new(tag, value));
        return true;
    }
}

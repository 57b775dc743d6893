using System.Collections.Immutable;

namespace Invoicing.NationalXml.Profiles;

/// <summary>The elements of one group in their order.</summary>
internal sealed class ElementGroup
{
    private readonly HashSet<string> _fields;

    public ElementGroup(IEnumerable<ElementRule> rules)
    {
        Rules = [.. rules];
        _fields = [.. Rules.Where(rule => rule.Form is not (ElementForm.Group or ElementForm.Extras)).Select(rule => rule.Tag)];
        HasExtras = Rules.Any(rule => rule.Form == ElementForm.Extras);
    }

    public ImmutableArray<ElementRule> Rules { get; }

    /// <summary>Whether what has no element of its own may stand in TTKhac.</summary>
    public bool HasExtras { get; }

    /// <summary>Whether a value has an element of its own.</summary>
    public bool Holds(string tag) => _fields.Contains(tag);

    /// <summary>Most characters of a text; 0 where there is no such element.</summary>
    public int LengthOf(string tag) => Rules.FirstOrDefault(rule => rule.Tag == tag)?.Length ?? 0;
}

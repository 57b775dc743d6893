namespace Invoicing.Invoices;

/// <summary>Digits of authority codes under one block. Belongs to one chain and is never granted again (design.md 5.16).</summary>
/// <remarks>Digits have no meaning and no order. They are unique under a block whatever the code's kind and year. Immutable.</remarks>
public sealed record CodeRange
{
    /// <summary>Names a range.</summary>
    /// <param name="block">The authority's five characters.</param>
    /// <param name="first">First digits, 0..99,999,999,999.</param>
    /// <param name="last">Last digits, not before the first.</param>
    /// <exception cref="ArgumentException">Not a range; ask <see cref="IsValid"/> first for parts that come from elsewhere.</exception>
    public CodeRange(string block, long first, long last)
    {
        if (!IsValid(block, first, last))
        {
            throw new ArgumentException(
                $"expected a block of 5 characters and 0 <= first <= last <= {AuthorityCode.MaxDigits}, found '{block}' {first}..{last}",
                nameof(block));
        }

        Block = block;
        First = first;
        Last = last;
    }

    /// <summary>The authority's five characters.</summary>
    public string Block { get; }

    /// <summary>First digits.</summary>
    public long First { get; }

    /// <summary>Last digits.</summary>
    public long Last { get; }

    /// <summary>How many codes.</summary>
    public long Count => Last - First + 1;

    /// <summary>Whether parts name a range.</summary>
    public static bool IsValid(string? block, long first, long last) =>
        AuthorityCode.IsBlock(block) && first >= 0 && first <= last && last <= AuthorityCode.MaxDigits;

    /// <summary>Whether some digits lie in both.</summary>
    public bool Overlaps(CodeRange other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Block == other.Block && First <= other.Last && other.First <= Last;
    }

    /// <summary><c>A1B2C 00000000001..00000100000</c>.</summary>
    public override string ToString() => $"{Block} {First:00000000000}..{Last:00000000000}";
}

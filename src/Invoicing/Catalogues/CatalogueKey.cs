namespace Invoicing.Catalogues;

/// <summary>What an item is found by: a PLU, a bar code, a department, or words.</summary>
/// <remarks>
/// Compared by kind and <see cref="Compared"/>. Codes and departments are the same if each character is. Words are the same if they are
/// after each of their characters was mapped to its single upper-case character (Unicode's simple mapping, no language's own): a register
/// prints <c>CÀ PHÊ SỮA ĐÁ</c>, the list says <c>Cà phê sữa đá</c>. Composed form and single blanks are made by <see
/// cref="ShopCatalogue"/>.
/// </remarks>
public readonly record struct CatalogueKey
{
    /// <summary>Most characters of a PLU or bar code: those of a line's code (MHHDVu). Source: Decision 1271/QĐ-CT.</summary>
    public const int MaxCode = 50;

    /// <summary>Most characters of a department: those that a line may have (VN-DEPARTMENT-1).</summary>
    public const int MaxDepartment = 20;

    /// <summary>Most characters of words: those that a line's name may have (THHDVu).</summary>
    public const int MaxWords = 500;

    private readonly string? _value;
    private readonly string? _compared;

    /// <summary>Takes a key as it is written.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="value">The code, department or words, not empty.</param>
    public CatalogueKey(CatalogueKeyKind kind, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        Kind = kind;
        _value = value;
        _compared = kind == CatalogueKeyKind.Words ? value.ToUpperInvariant() : value;
    }

    /// <summary>What it is.</summary>
    public CatalogueKeyKind Kind { get; }

    /// <summary>As it is written.</summary>
    public string Value => _value ?? string.Empty;

    /// <summary>As it is compared.</summary>
    public string Compared => _compared ?? string.Empty;

    /// <summary>Most characters that a key of a kind has.</summary>
    public static int MaxLength(CatalogueKeyKind kind) => kind switch
    {
        CatalogueKeyKind.Department => MaxDepartment,
        CatalogueKeyKind.Words => MaxWords,
        _ => MaxCode,
    };

    /// <inheritdoc/>
    public bool Equals(CatalogueKey other) => Kind == other.Kind && string.Equals(Compared, other.Compared, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, string.GetHashCode(Compared, StringComparison.Ordinal));

    /// <summary>For people: <c>bar code 8934563138165</c>, <c>words 'Cà phê sữa đá'</c>.</summary>
    public override string ToString() => Kind switch
    {
        CatalogueKeyKind.Plu => $"PLU {Value}",
        CatalogueKeyKind.BarCode => $"bar code {Value}",
        CatalogueKeyKind.Department => $"department {Value}",
        _ => $"words '{Value}'",
    };
}

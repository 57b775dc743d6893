namespace Invoicing.Sales;

/// <summary>What a register says of itself: its serial, 1 to 32 printable ASCII characters.</summary>
/// <remarks>Equality is ordinal. <c>default</c> has an empty <see cref="Value"/> and names no register. Source: TLK/1, HELLO.</remarks>
public readonly record struct RegisterId
{
    /// <summary>Most characters.</summary>
    public const int MaxLength = 32;

    private readonly string? _value;

    /// <summary>Takes a serial as the register states it.</summary>
    /// <exception cref="ArgumentException">Empty, too long, or with characters outside 21h..7Eh.</exception>
    public RegisterId(string value)
    {
        if (!IsValid(value))
        {
            throw new ArgumentException($"expected 1 to {MaxLength} printable ASCII characters without blanks, found '{value}'", nameof(value));
        }

        _value = value;
    }

    /// <summary>The serial.</summary>
    public string Value => _value ?? string.Empty;

    /// <summary>Whether a text can be a register's serial.</summary>
    public static bool IsValid(string? value)
    {
        return value is { Length: >= 1 and <= MaxLength } && !value.AsSpan().ContainsAnyExceptInRange('!', '~');
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}

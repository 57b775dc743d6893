using System.Text;
using Invoicing.Amounts;
using Invoicing.Registers.Datecs.Layouts;

namespace Invoicing.Registers.Datecs.Pull;

/// <summary>What reading documents needs of the options, made ready once. Immutable.</summary>
internal sealed class DatecsReading(DatecsOptions options)
{
    /// <summary>Longest document: what a record may be.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Most lines of a document: 64 KiB of lines of 16 bytes.</summary>
    public const int MaxLines = 4096;

    /// <summary>The options.</summary>
    public DatecsOptions Options { get; } = options;

    /// <summary>The register's code page.</summary>
    public Encoding Encoding { get; } = options.Encoding();

    /// <summary>The layout.</summary>
    public LayoutReader Layout { get; } = new(options.Layout, options.MinorDigits, options.UtcOffset);

    /// <summary>The rate of a tax letter; <see langword="null"/> where the shop's catalogue has it.</summary>
    /// <param name="letter">The letter or number.</param>
    /// <param name="fault">What was expected, if there is a table and the letter is not in it.</param>
    public TaxRate? Rate(string letter, ref string? fault)
    {
        if (Options.TaxRates is not { } rates || letter.Length == 0)
        {
            return null;
        }

        if (rates.TryGetValue(letter, out TaxRate rate))
        {
            return rate;
        }

        fault ??= $"expected a tax letter of the table, found '{DatecsAmount.Shown(letter)}'; add it to the register's tax table";
        return null;
    }
}

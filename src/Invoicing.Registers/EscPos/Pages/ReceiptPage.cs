using System.Collections.Immutable;

namespace Invoicing.Registers.EscPos.Pages;

/// <summary>What a job would look like on paper, as far as it can be read.</summary>
internal sealed record ReceiptPage
{
    /// <summary>Lines with something on them, from the top, composed, without blanks at their ends.</summary>
    internal required ImmutableArray<string> Lines { get; init; }

    /// <summary>Payloads of printed QR codes and other two-dimensional symbols.</summary>
    internal required ImmutableArray<string> Symbols { get; init; }

    /// <summary>Payloads of printed bar codes.</summary>
    internal required ImmutableArray<string> Barcodes { get; init; }

    /// <summary>Pictures in it.</summary>
    internal required int Images { get; init; }

    /// <summary>Commands and control bytes that the table does not have, or that are longer than any printer takes.</summary>
    internal required int Unknown { get; init; }

    /// <summary>Bytes of text that mean nothing in the code page.</summary>
    internal required int Undefined { get; init; }

    /// <summary>Whether its last command is not complete.</summary>
    internal required bool IsTorn { get; init; }

    /// <summary>Whether it has more lines than <see cref="PageReader.MostLines"/>.</summary>
    internal required bool IsTooLong { get; init; }

    /// <summary>Whether all that it shows is pictures: text that was drawn by the till's computer.</summary>
    internal bool IsImageOnly => Images > 0 && !Lines.Any(line => line.Any(char.IsLetterOrDigit));
}

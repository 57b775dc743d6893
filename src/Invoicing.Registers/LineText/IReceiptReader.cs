namespace Invoicing.Registers.LineText;

/// <summary>Reads receipts of plain text. Pure, and throws nothing: what it cannot read it says.</summary>
internal interface IReceiptReader
{
    /// <summary>Reads a receipt.</summary>
    /// <param name="lines">Its lines without their ends, in order.</param>
    ReceiptReading Read(IReadOnlyList<string> lines);
}

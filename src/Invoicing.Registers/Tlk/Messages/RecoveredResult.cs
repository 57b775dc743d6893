using Invoicing.Registers.Tlk.Framing;
using Invoicing.Sales;

namespace Invoicing.Registers.Tlk.Messages;

/// <summary>Reads the result that a register holds for a record it sends again. TLK/1 §5.</summary>
internal static class RecoveredResult
{
    private static ReadOnlySpan<byte> Known =>
    [
        ResultTag.Outcome, ResultTag.Code, ResultTag.Series, ResultTag.Number, ResultTag.Lookup, ResultTag.HoldReason, ResultTag.Text,
    ];

    /// <summary>What the customer holds on paper; <see langword="null"/> if the result is empty, HELD or RECORDED.</summary>
    internal static PrintedInvoice? Read(ReadOnlyMemory<byte> bytes, out string? fault)
    {
        fault = null;
        if (bytes.IsEmpty)
        {
            return null;
        }

        TlvFault faults = new();
        TlvGroup fields = new(bytes, "recovered", Known, [], faults);
        byte outcome = fields.U8(ResultTag.Outcome, ResultTag.Issued, ResultTag.Recorded);
        PrintedInvoice? printed = null;
        if (outcome == ResultTag.Issued)
        {
            printed = new(
                fields.Text(ResultTag.Code, ResultTag.CodeLength),
                fields.Text(ResultTag.Series, ResultTag.SeriesLength),
                (int)fields.U32(ResultTag.Number, 1, ResultTag.LargestNumber));
        }

        fault = faults.First;
        return fault is null ? printed : null;
    }
}

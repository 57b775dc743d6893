using Invoicing.Invoices;

namespace Invoicing.Gateway.Recording;

internal sealed partial class RecordingGroup
{
    private readonly HashSet<InvoiceIdentity> _recovered = [];

    /// <summary>Why a code and number that a register brings back cannot be entered; <see langword="null"/> if they can.</summary>
    /// <remarks>
    /// They were given by another device, so they lie outside this chain's ranges, whose codes are given once and by this chain; and they
    /// were given once, so no other record brought them.
    /// </remarks>
    private string? RecoveredFault(InvoiceIdentity held)
    {
        foreach (CodeCursor cursor in _ranges.Codes)
        {
            if (cursor.Range.Block == held.Code.Block && held.Code.Digits >= cursor.Range.First && held.Code.Digits <= cursor.Range.Last)
            {
                return $"expected a code that another device gave, found {held.Code} of this device's range {cursor.Range}";
            }
        }

        foreach (NumberCursor cursor in _ranges.Numbers)
        {
            if (cursor.Range.Series == held.Series && held.Number >= cursor.Range.First && held.Number <= cursor.Range.Last)
            {
                return $"expected a number that another device gave, found {held.Series} {held.Number} of this device's range {cursor.Range}";
            }
        }

        bool isTaken = _recovered.Any(other => other.Code == held.Code || (other.Series == held.Series && other.Number == held.Number))
            || _stored().HasRecovered(held.Code.ToString(), held.Series.ToString(), held.Number);
        return isTaken ? $"expected a code and number of its own, found {held.Code} and {held.Series} {held.Number}, which another record brought" : null;
    }
}

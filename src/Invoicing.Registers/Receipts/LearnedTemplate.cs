using System.Collections.Immutable;
using Invoicing.Sales;

namespace Invoicing.Registers.Receipts;

/// <summary>A first template and what it makes of the receipts that it was learned from.</summary>
/// <param name="Template">The template.</param>
/// <param name="Readings">What it reads, receipt by receipt, in their order.</param>
public sealed record LearnedTemplate(ReceiptTemplate Template, ImmutableArray<ReceiptReading> Readings)
{
    /// <summary>Receipts that add up.</summary>
    public int AddUp => Readings.Count(reading => reading.Class is CaptureClass.Sale or CaptureClass.NoReceiptNumber);
}

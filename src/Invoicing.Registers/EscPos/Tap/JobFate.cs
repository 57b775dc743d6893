using Invoicing.Sales;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>What became of a kept job.</summary>
/// <param name="Class">What it turned out to be.</param>
/// <param name="Outcome">What the recorder did with it; <see langword="null"/> if it took no record.</param>
internal sealed record JobFate(CaptureClass Class, RecordOutcome? Outcome);

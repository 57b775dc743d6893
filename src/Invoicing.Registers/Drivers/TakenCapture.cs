using Invoicing.Sales;

namespace Invoicing.Registers.Drivers;

/// <summary>A piece that is on disk and judged.</summary>
/// <param name="Piece">The piece as it is kept, without its bytes.</param>
/// <param name="Outcome">
/// What becomes of its record, when it is recorded, which may be long after; <see langword="null"/> at once for a piece without a record.
/// Cancelled with <see cref="CapturedRecords.RunAsync"/>: the piece is then offered again at the next start.
/// </param>
internal sealed record TakenCapture(KeptCapture Piece, Task<RecordOutcome?> Outcome);

using Invoicing.Sales;

namespace Invoicing.Registers.Drivers;

/// <summary>What a driver reads in a captured piece.</summary>
/// <param name="Judgement">What the piece is.</param>
/// <param name="Record">
/// The record that it becomes under a key that is given to it. It must be there also where <paramref name="Judgement"/> takes none: the piece may
/// have got its place under older rules, and then says why it cannot be read. Its hash is that of the piece's bytes, so that reading the same
/// bytes by other rules is never another record.
/// </param>
internal sealed record CaptureReading(CaptureJudgement Judgement, Func<SaleKey, RegisterRecord> Record)
{
    /// <summary>The piece's receipt number, where it has one and the till's numbers are watched for gaps (<see cref="NumberRun"/>).</summary>
    internal SeenNumber? Number { get; init; }
}

using Invoicing.Registers.Receipts;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>What somebody who read a captured piece says of it.</summary>
/// <param name="Class">What it is.</param>
/// <param name="Text">Why, for people; at most 500 characters are kept.</param>
/// <param name="ReceiptKey">
/// What makes the receipt unique on this register (its number, with its date where numbers begin again); <see langword="null"/> if nothing does.
/// At most 100 characters. Taken only together with a record.
/// </param>
/// <param name="TakesRecord">Whether it becomes a record in the chain: a sale, or a hole that says what could not be read.</param>
internal sealed record CaptureJudgement(CaptureClass Class, string Text, string? ReceiptKey, bool TakesRecord);

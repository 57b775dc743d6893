namespace Invoicing.Registers.Eutron;

/// <summary>A receipt of the log without its content.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Stamp">Date and time of its REGIS.</param>
/// <param name="Mark">By what it is known again.</param>
internal readonly record struct SurveyedReceipt(int Number, ReadOnlyMemory<byte> Stamp, ReceiptMark Mark);

namespace Invoicing.Registers.LineText;

/// <summary>A receipt as it was cut out of a stream of text.</summary>
/// <param name="Bytes">Its lines as they came, with their ends.</param>
/// <param name="IsWhole">Whether its end was seen.</param>
/// <param name="Reason">Why it was cut where it was not whole, for people; empty otherwise.</param>
internal readonly record struct CutReceipt(ReadOnlyMemory<byte> Bytes, bool IsWhole, string Reason);

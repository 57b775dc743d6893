namespace Invoicing.Registers.Datecs.Isl;

/// <summary>A frame that came whole and passed its check.</summary>
/// <param name="Sequence">SEQ.</param>
/// <param name="Command">CMD.</param>
/// <param name="Data">The data without escapes.</param>
/// <param name="Status">The status bytes; empty in a request.</param>
internal sealed record IslFrame(byte Sequence, int Command, ReadOnlyMemory<byte> Data, IslStatus Status);

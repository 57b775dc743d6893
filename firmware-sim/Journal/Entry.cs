namespace FirmwareSim.Journal;

/// <summary>One committed entry of the file and where its body lies.</summary>
internal readonly record struct Entry(EntryKind Kind, int Offset, ReadOnlyMemory<byte> Body);

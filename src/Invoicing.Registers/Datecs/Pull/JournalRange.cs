namespace Invoicing.Registers.Datecs.Pull;

/// <summary>Which documents a register holds.</summary>
/// <param name="Oldest">The oldest; 0 if it does not say.</param>
/// <param name="Newest">The newest; 0 if it holds none.</param>
internal readonly record struct JournalRange(ulong Oldest, ulong Newest);

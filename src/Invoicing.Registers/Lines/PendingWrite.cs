namespace Invoicing.Registers.Lines;

/// <summary>A write on its way out.</summary>
/// <param name="bytes">What to write.</param>
internal sealed class PendingWrite(ReadOnlyMemory<byte> bytes)
{
    /// <summary>What the system has not taken yet.</summary>
    internal ReadOnlyMemory<byte> Left { get; set; } = bytes;

    /// <summary>Done when all is out, or the line is gone.</summary>
    internal TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

namespace Invoicing.Gateway.Captures;

/// <summary>How the store of captures is at one moment. Immutable.</summary>
/// <param name="State">Whether pieces are kept.</param>
/// <param name="Bytes">Bytes of all kept pieces; 0 while nothing was opened.</param>
/// <param name="MaxBytes">Most bytes of all kept pieces.</param>
/// <param name="Trouble">What is wrong and what to do, in one sentence; <see langword="null"/> if nothing is.</param>
public sealed record CaptureStatus(CaptureState State, long Bytes, long MaxBytes, string? Trouble);

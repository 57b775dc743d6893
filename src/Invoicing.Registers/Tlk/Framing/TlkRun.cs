namespace Invoicing.Registers.Tlk.Framing;

/// <summary>What a run of bytes between two 00 was: a frame, or something that was refused. Refused runs keep what is needed to answer.</summary>
/// <param name="Frame">The frame, if it passed; its header also where <see cref="Refused"/> is <see cref="TlkCounter.Type"/>.</param>
/// <param name="Refused">Why not, if it did not.</param>
/// <param name="Txn">Transaction of a run whose CRC was right, else 0.</param>
internal readonly record struct TlkRun(TlkFrame? Frame, TlkCounter? Refused, byte Txn);

namespace Invoicing.Registers.Eutron.Records;

/// <summary>
/// What the two sign bits of FunN mean. The protocol says that bit 6 turns bit 7 around; firmware exists that sets both on a voided line and
/// means what bit 7 says. The receipt's printed total decides which was meant.
/// </summary>
internal enum SignReading
{
    /// <summary>Bit 6 turns bit 7 around (registers.md §3.1).</summary>
    Turned,

    /// <summary>Bit 7 alone.</summary>
    AsSaid,
}

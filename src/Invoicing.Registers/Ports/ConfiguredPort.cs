namespace Invoicing.Registers.Ports;

/// <summary>A register that the operator has configured on a serial port, and what is known of it.</summary>
/// <param name="Register">Its name in the configuration.</param>
/// <param name="Address">Where it hangs.</param>
/// <param name="Expected">The serial that the register itself must state, or <see langword="null"/> if any is welcome.</param>
/// <param name="Stated">The serial that it states on its line now, or <see langword="null"/> while it has not.</param>
public sealed record ConfiguredPort(string Register, PortAddress Address, string? Expected, string? Stated);

using FirmwareSim.Failures;

namespace FirmwareSim.Tills;

/// <summary>A fault of the plan has broken the line, and not the other side.</summary>
internal sealed class LineBrokenException(Fault fault) : Exception($"the line was broken by fault {(int)fault}")
{
    /// <summary><see cref="Failures.Fault.Unplug"/>, <see cref="Failures.Fault.Reboot"/> or <see cref="Failures.Fault.HalfOpen"/>.</summary>
    public Fault Fault { get; } = fault;
}

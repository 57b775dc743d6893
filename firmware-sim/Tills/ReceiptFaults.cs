using FirmwareSim.Failures;

namespace FirmwareSim.Tills;

/// <summary>The faults that strike one receipt, each asked once.</summary>
internal sealed class ReceiptFaults(FaultPlan plan)
{
    public bool Full { get; } = plan.Strikes(Fault.Full);

    public bool PowerLoss { get; } = plan.Strikes(Fault.PowerLoss);

    public bool CounterWrap { get; } = plan.Strikes(Fault.CounterWrap);

    public bool ClockJump { get; } = plan.Strikes(Fault.ClockJump);

    public bool PluRename { get; } = plan.Strikes(Fault.PluRename);

    public bool LateVoid { get; } = plan.Strikes(Fault.LateVoid);
}

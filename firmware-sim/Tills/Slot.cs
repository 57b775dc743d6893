namespace FirmwareSim.Tills;

/// <summary>A register that can be plugged into the line.</summary>
internal sealed record Slot(Till Till, IRegisterFront Front);

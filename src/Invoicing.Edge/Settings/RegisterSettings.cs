using Invoicing.Sales;

namespace Invoicing.Edge.Settings;

/// <summary>One register of the shop.</summary>
/// <param name="Line">Where it hangs.</param>
/// <param name="NewRegister">
/// Serial of a register that its operator states to be new, so that it need not wait for the authority's word on its history;
/// <see langword="null"/> if nothing is stated.
/// </param>
/// <param name="Protocol">What it speaks.</param>
/// <param name="BuyerHold">How long sales wait for their buyers here; <see langword="null"/>: as the shop says.</param>
internal sealed record RegisterSettings(LineAddress Line, RegisterId? NewRegister, ProtocolSettings Protocol, TimeSpan? BuyerHold = null);

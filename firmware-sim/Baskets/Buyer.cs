namespace FirmwareSim.Baskets;

/// <summary>Who bought; what is empty is not stated.</summary>
/// <param name="Name">Registered name.</param>
/// <param name="TaxCode">Tax code.</param>
/// <param name="Address">Address.</param>
/// <param name="Person">The person at the till.</param>
/// <param name="Phone">Telephone.</param>
internal sealed record Buyer(string Name, string TaxCode, string Address, string Person, string Phone);

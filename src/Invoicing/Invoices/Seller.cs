namespace Invoicing.Invoices;

/// <summary>Who sells: what an enrolment or the configuration says of the shop.</summary>
/// <param name="TaxCode">Tax code (MST).</param>
/// <param name="Name">Registered name, at most 400 characters.</param>
/// <param name="Address">Registered address, at most 400 characters.</param>
/// <param name="PlaceCode">Code of the business location (MDDKDoanh), at most 50 characters; empty where there is none.</param>
/// <param name="PlaceName">Its name (TDDKDoanh), at most 400 characters; empty where there is none.</param>
/// <param name="PlaceAddress">Its address (DCDDKDoanh), at most 400 characters; empty where there is none.</param>
public sealed record Seller(
    TaxCode TaxCode, string Name, string Address, string PlaceCode = "", string PlaceName = "", string PlaceAddress = "");

namespace Invoicing.Sales;

/// <summary>What the law wants to know of special goods (TTHHDTrung).</summary>
/// <param name="Type">Which sort.</param>
/// <param name="Identity">Chassis number or number plate, at most 50 characters.</param>
/// <param name="Engine">Engine number of a vehicle, at most 50 characters; else empty.</param>
public sealed record SpecialGoods(SpecialGoodsType Type, string Identity, string Engine = "");

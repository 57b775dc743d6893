namespace Invoicing.Sales;

/// <summary>Who bought, as far as the buyer asked to be named. Every part may be empty; limits are the law's and judged by the rules.</summary>
/// <remarks>
/// Personal: never in the chain, which holds only a salted commitment to it (design.md 5.13). Source: Decision 1271/QĐ-CT, element NMua.
/// </remarks>
public sealed record Buyer
{
    /// <summary>Registered name (Ten), at most 400 characters.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Tax code (MST), as it was given.</summary>
    public string TaxCode { get; init; } = string.Empty;

    /// <summary>Address (DChi), at most 400 characters.</summary>
    public string Address { get; init; } = string.Empty;

    /// <summary>Name of the person who buys (HVTNMHang), at most 100 characters.</summary>
    public string Person { get; init; } = string.Empty;

    /// <summary>Personal id (CCCDan), 12 digits.</summary>
    public string PersonalId { get; init; } = string.Empty;

    /// <summary>Passport number (SHChieu), at most 20 characters.</summary>
    public string Passport { get; init; } = string.Empty;

    /// <summary>Telephone (SDThoai), at most 20 characters.</summary>
    public string Phone { get; init; } = string.Empty;

    /// <summary>E-mail address (DCTDTu), at most 50 characters.</summary>
    public string Email { get; init; } = string.Empty;

    /// <summary>Code of an organisation with ties to the state budget (MDVQHNSach), at most 7 characters.</summary>
    public string BudgetCode { get; init; } = string.Empty;

    /// <summary>The shop's own code for the customer (MKHang), at most 50 characters.</summary>
    public string CustomerCode { get; init; } = string.Empty;
}

namespace Invoicing.Registers.Receipts;

/// <summary>For how long a receipt number stays unique: how often the till begins to count anew.</summary>
public enum NumberScope
{
    /// <summary>For ever.</summary>
    Ever,

    /// <summary>Within a year of the receipt's date.</summary>
    Year,

    /// <summary>Within a month of the receipt's date.</summary>
    Month,

    /// <summary>Within a day of the receipt's date.</summary>
    Day,

    /// <summary>
    /// Under the receipt's printed date and time only: numbers may begin again at any moment. For tills that print the first time again on a copy.
    /// </summary>
    Time,
}

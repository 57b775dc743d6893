namespace FirmwareSim.Printing;

/// <summary>How a receipt writes its items.</summary>
internal enum ReceiptTemplate
{
    /// <summary>Name, quantity, price and amount in one line; long names are cut.</summary>
    OneLine,

    /// <summary>The name, then quantity, price and amount below it.</summary>
    TwoLines,
}

namespace Invoicing.NationalXml.Documents;

/// <summary>Ids of the rules of the law's file. They are stored with what was left out: an id is never given another meaning.</summary>
internal static class NationalRuleIds
{
    /// <summary>An element that must be there.</summary>
    public const string Missing = "VNX-MUST-1";

    /// <summary>Text no longer than its element.</summary>
    public const string Length = "VNX-LENGTH-1";

    /// <summary>A number with no more digits and decimals than its element.</summary>
    public const string Digits = "VNX-DIGITS-1";

    /// <summary>Text that XML can hold.</summary>
    public const string Text = "VNX-TEXT-1";

    /// <summary>A kind of invoice whose form is known: 1 (VAT) or 2 (sales).</summary>
    public const string Kind = "VNX-KIND-1";

    /// <summary>A nature of line that the format knows (TChat).</summary>
    public const string Nature = "VNX-NATURE-1";

    /// <summary>An invoice of the seller whose messages these are: a message bears data of one taxpayer.</summary>
    public const string Seller = "VNX-SELLER-1";

    /// <summary>Sums by rate that come to the printed total.</summary>
    public const string Total = "VNX-TOTAL-1";

    /// <summary>An invoice that fits into a message of 2 MB.</summary>
    public const string Size = "VNX-SIZE-1";
}

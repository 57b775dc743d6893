namespace Invoicing.Vietnam;

/// <summary>Ids of the rules. They stand in signed entries and verdicts: an id is never given another meaning.</summary>
internal static class RuleIds
{
    /// <summary>1..500 lines. Ours, so that a body fits into an entry; the law counts lines with four digits (STT).</summary>
    public const string Lines = "VN-LINES-1";

    /// <summary>At most 16 payments. Ours.</summary>
    public const string Payments = "VN-PAYMENTS-1";

    /// <summary>Payments, where stated, come to the total. Decree 123/2020/NĐ-CP, Art. 11.3 c (payment price).</summary>
    public const string PaymentSum = "VN-PAYMENTS-2";

    /// <summary>A means of payment that the law's formats can name (HTTToan).</summary>
    public const string PaymentMeans = "VN-PAYMENTS-3";

    /// <summary>Text is Unicode that XML can hold. Decision 1271/QĐ-CT, Part I.IV.1.</summary>
    public const string Text = "VN-TEXT-1";

    /// <summary>Text is in composed form (NFC): no combining mark is left that a letter should have been composed with. TCVN 6909:2001.</summary>
    public const string ComposedText = "VN-TEXT-2";

    /// <summary>A name of 1..500 characters (THHDVu).</summary>
    public const string Name = "VN-NAME-1";

    /// <summary>A unit of at most 50 characters (DVTinh).</summary>
    public const string Unit = "VN-UNIT-1";

    /// <summary>A code of goods of at most 50 characters (MHHDVu).</summary>
    public const string GoodsCode = "VN-GOODS-1";

    /// <summary>A receipt number of at most 32 characters. Ours.</summary>
    public const string ReceiptNumber = "VN-RECEIPT-1";

    /// <summary>A cashier of at most 50 characters. Ours.</summary>
    public const string Cashier = "VN-CASHIER-1";

    /// <summary>Quantities and prices of 21 digits, 6 of them decimals (SLuong, DGia). Decision 1271/QĐ-CT, Part I.IV.2.</summary>
    public const string Decimals = "VN-DECIMALS-1";

    /// <summary>Amounts of 15 digits before the point, which with six decimals make the law's 21.</summary>
    public const string Amount = "VN-AMOUNT-1";

    /// <summary>Discounts are not negative and not more than what they are taken off (STCKhau, TTCKTMai).</summary>
    public const string Discount = "VN-DISCOUNT-1";

    /// <summary>A line's amount is quantity × price − discount, to within what rounding can do (ThTien).</summary>
    public const string LineAmount = "VN-LINE-1";

    /// <summary>The lines of a rate do not come to less than nothing: that would be goods taken back, which is a correction.</summary>
    public const string RateSum = "VN-RATE-1";

    /// <summary>A sales invoice states no rate of VAT. Decision 1271/QĐ-CT, form 2 (TSuat absent).</summary>
    public const string RateKind = "VN-RATE-2";

    /// <summary>Each line of goods names a rate, from the register or from the shop's catalogue; a sales invoice needs none (TSuat).</summary>
    public const string RateMissing = "VN-RATE-3";

    /// <summary>A nature that the law knows (TChat 1..5), and what belongs to it: promotions and notes come to 0, discounts take off.</summary>
    public const string Nature = "VN-NATURE-1";

    /// <summary>Special goods say what they are (TTHHDTrung), and nothing else does.</summary>
    public const string Special = "VN-NATURE-2";

    /// <summary>A department of at most 20 characters. Ours.</summary>
    public const string Department = "VN-DEPARTMENT-1";

    /// <summary>Buyer data within the lengths of NMua.</summary>
    public const string Buyer = "VN-BUYER-1";

    /// <summary>A buyer's tax code of 10 digits, 10-3, or 12 digits; a personal id of 12 digits. Circular 86/2024/TT-BTC.</summary>
    public const string BuyerCode = "VN-BUYER-2";

    /// <summary>A receipt discount belongs to a sale, not to an adjustment, whose lines say what changes.</summary>
    public const string AdjustmentDiscount = "VN-ADJUST-1";

    /// <summary>The printed total is not negative (TgTTTBSo).</summary>
    public const string Total = "VN-TOTAL-1";

    /// <summary>The lines add up to the printed total.</summary>
    public const string TotalSum = "VN-TOTAL-2";

    /// <summary>The sums by rate are those that the law's rounding gives (THTTLTSuat).</summary>
    public const string Taxes = "VN-TAXES-1";

    /// <summary>An authority code of 23 characters. Decision 1271/QĐ-CT, Part I.IV.3.</summary>
    public const string Code = "VN-CODE-1";

    /// <summary>The code's kind is the invoice's; its year and that of the series are the year of issue.</summary>
    public const string CodeParts = "VN-CODE-2";

    /// <summary>A series of a cash register whose invoices bear a code (KHHDon). Circular 91/2026/TT-BTC, Annex I.</summary>
    public const string Series = "VN-SERIES-1";

    /// <summary>A number of 1..99,999,999 (SHDon).</summary>
    public const string Number = "VN-NUMBER-1";

    /// <summary>An element of a QR code has at most 99 characters. Decision 1271/QĐ-CT, Part I.IV.7.</summary>
    public const string QrElement = "VN-QR-1";

    /// <summary>A QR code has at most 512 characters (DLQRCode).</summary>
    public const string QrWhole = "VN-QR-2";

    /// <summary>Tax code, name and address of the seller (NBan).</summary>
    public const string Seller = "VN-SELLER-1";
}

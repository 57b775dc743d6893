namespace Invoicing.Sales;

/// <summary>Means of payment. The numbers stand in signed bytes and in TLK/1, and never change.</summary>
public enum PaymentMeans
{
    /// <summary>Not stated.</summary>
    Unspecified = 0,

    /// <summary>Cash (<i>tiền mặt</i>, TM).</summary>
    Cash = 1,

    /// <summary>Card.</summary>
    Card = 2,

    /// <summary>Bank transfer, also by QR (<i>chuyển khoản</i>, CK).</summary>
    Transfer = 3,

    /// <summary>Electronic wallet.</summary>
    Wallet = 4,

    /// <summary>Voucher or coupon.</summary>
    Voucher = 5,

    /// <summary>On the buyer's account.</summary>
    Credit = 6,

    /// <summary>Anything else.</summary>
    Other = 7,
}

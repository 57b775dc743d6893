namespace Invoicing.EndToEnd.Tests.Processes;

/// <summary>How the simulated tills print, as a person would write it down.</summary>
internal static class TillTemplates
{
    /// <summary>Two lines for each item.</summary>
    public const string TwoLines = """
        {
          "name": "two lines",
          "start": "^-{8,}$",
          "items": [ { "line": "^(?<name>\\S.*)$", "next": "^\\s*{qty} x {price}\\s+{amount}$" } ],
          "numbers": { "thousands": ".", "decimal": "," },
          "itemDiscount": "^\\s*giảm giá\\s+{discount}$",
          "subtotal": "^cộng tiền hàng:\\s*{amount}$",
          "receiptDiscount": "^chiết khấu:\\s*{amount}$",
          "total": "^tổng cộng:\\s*{amount}$",
          "payments": [
            { "line": "^tiền mặt:\\s*{amount}$", "means": "cash" },
            { "line": "^thẻ:\\s*{amount}$", "means": "card" },
            { "line": "^chuyển khoản:\\s*{amount}$", "means": "transfer" },
            { "line": "^ví điện tử:\\s*{amount}$", "means": "wallet" },
            { "line": "^phiếu mua hàng:\\s*{amount}$", "means": "voucher" }
          ],
          "number": "^số hđ:\\s*(?<number>[0-9]+)",
          "cashier": "thu ngân:\\s*(?<cashier>.+)$",
          "date": "^ngày:\\s*(?<date>[0-9/]+)",
          "time": "^ngày:\\s*\\S+\\s+(?<time>[0-9:]+)$",
          "numberScope": "day",
          "other": "^\\s*(phiếu trả hàng|hóa đơn đã hủy|báo cáo cuối ngày)$"
        }
        """;
}

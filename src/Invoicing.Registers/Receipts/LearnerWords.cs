using System.Collections.Immutable;
using Invoicing.Sales;

namespace Invoicing.Registers.Receipts;

/// <summary>Words and layouts that receipts have been seen with, in the order in which the learner tries them.</summary>
internal static class LearnerWords
{
    /// <summary>What follows a word in a line that ends with an amount.</summary>
    private const string Amount = @"\b(.*[\s:$])?{amount}\W*$";

    /// <summary>Words for what is to be paid, the clearest first.</summary>
    internal static readonly ImmutableArray<string> Totals =
    [
        "tổng thanh toán", "tổng cộng", "tổng tiền thanh toán", "khách phải trả", "phải thanh toán", "cần thanh toán", "thanh toán", "tổng tiền", "thành tiền", "tổng",
        "grand total", "amount due", "total", "t.tien",
    ];

    /// <summary>Words for what the goods come to.</summary>
    internal const string Subtotal = @"^\W*(tạm tính|cộng tiền hàng|tiền hàng|tổng tiền hàng|cộng|sub.?total)";

    /// <summary>Words for a discount, on the receipt or on the goods above; the longer before those that they begin with.</summary>
    internal static readonly ImmutableArray<string> Discounts =
        ["giảm giá", "chiết khấu", "khuyến mãi", "ưu đãi", "giảm", "ck", "km", "discount", "voucher"];

    /// <summary>Words for tax. A line for the seller's tax code, which begins with others, is none.</summary>
    internal const string Tax = @"^\W*((tiền|tổng|trong đó|gồm|đã gồm|bao gồm|a|local|sales|incl|including)\W+)*(thuế|vat|gtgt|tax)";

    /// <summary>Words for money given back.</summary>
    internal const string Change = @"^\W*(tiền thừa|tiền thối|thối lại|trả lại|tiền trả lại|change)";

    /// <summary>Labels of receipt numbers, the clearest first.</summary>
    internal static readonly ImmutableArray<string> Numbers =
    [
        @"(số|mã)\s*(hđ|hóa đơn|phiếu|bill|ct|chứng từ|giao dịch)", @"(hđ|hóa đơn|phiếu|bill|receipt|invoice|order|check|ticket)\s*(số|no|num|number|id|#)",
        "(hđ|bill|receipt|invoice|order|check|ticket)", "(số|no|sct|hd)",
    ];

    /// <summary>How goods are printed. Those that read more come before those that read less, for the latter match whatever the former do.</summary>
    internal static readonly ImmutableArray<ItemPattern> Items =
    [
        new(@"^\s*(?<code>[0-9]{6,14})\s+(?<name>.*[a-z].*)\s+{qty}\s+{price}\s+{amount}\W*$"),
        new(@"^\s*[0-9]{1,3}[.)]?\s+(?<name>.*[a-z].*)\s{1,}{qty}\s+{price}\s+{amount}\W*$"),
        new(@"^\s*(?<name>.*[a-z].*)\s+{qty}\s*[x*@]\s*{price}\s*=?\s*{amount}\W*$"),
        new(@"^\s*(?<name>.*[a-z].*)\s+{qty}\s+{price}\s+{amount}\W*$"),
        new(@"^\s*(?<name>.*[a-z].*)\s+{qty}\s*(?<unit>[a-z]{1,6})\s*[x*@]\s*{price}\s*=?\s*{amount}\W*$"),
        new(@"^\s*(?<code>[0-9]{6,14})\s+(?<name>.*[a-z].*)$", @"^\s*{qty}\s*(?<unit>[a-z]{0,6})\s*[x*@]\s*{price}\s*=?\s*{amount}\W*$"),
        new(@"^\s*(?<name>.*[a-z].*)$", @"^\s*(?<code>[0-9]{6,14})\s+{qty}\s*(?<unit>[a-z]{0,6})\s*[x*@]?\s*{price}\s*=?\s*{amount}\W*$"),
        new(@"^\s*(?<name>.*[a-z].*)$", @"^\s*{qty}\s*[x*@]\s*{price}\s*=?\s*{amount}\W*$"),
        new(@"^\s*(?<name>.*[a-z].*)$", @"^\s*{qty}\s*(?<unit>[a-z]{1,6})\s*[x*@]\s*{price}\s*=?\s*{amount}\W*$"),
        new(@"^\s*(?<name>.*[a-z].*)$", @"^\s*{price}\s*[x*@]\s*{qty}\s*=?\s*{amount}\W*$"),
        new(@"^\s*(?<name>.*[a-z].*)$", @"^\s*{qty}\s+{price}\s+{amount}\W*$"),
        new(@"^\s*(?<name>.*[a-z].*)$", @"^\s*{price}\s+{qty}\s+{amount}\W*$"),
        new(@"^\s*{qty}\s*x?\s+(?<name>.*[a-z].*\S)\s+{price}\s+{amount}\W*$"),
        new(@"^\s*{qty}\s*x?\s+(?<name>.*[a-z].*)\s+{amount}\W*$"),
        new(@"^\s*(?<name>.*[a-z].*)\s+x\s?{qty}\s+{amount}\W*$"),
        new(@"^\s*(?<name>.*[a-z].*\S)\s{2,}{qty}\s{2,}{amount}\W*$"),
        new(@"^\s*(?<name>.*[a-z].*)\s+{amount}\W*$"),
    ];

    /// <summary>How payments are printed.</summary>
    internal static readonly ImmutableArray<PaymentPattern> Payments =
    [
        new(@"^\W*(tiền mặt|khách đưa|tiền khách|tiền nhận|cash)" + Amount, PaymentMeans.Cash),
        new(@"^\W*(thẻ|visa|master|napas|card)" + Amount, PaymentMeans.Card),
        new(@"^\W*(chuyển khoản|ck|vietqr|qr|transfer)" + Amount, PaymentMeans.Transfer),
        new(@"^\W*(ví|momo|zalopay|vnpay|wallet)" + Amount, PaymentMeans.Wallet),
        new(@"^\W*(phiếu mua hàng|phiếu quà tặng|thẻ quà tặng|voucher)" + Amount, PaymentMeans.Voucher),
    ];

    /// <summary>How numbers are written, the usual first.</summary>
    internal static readonly ImmutableArray<NumberFormat> Formats =
        [new('.', ','), new(',', '.'), new(null, ','), new(',', '.', 2), new('.', ',', 2), new(null, '.', 2)];

    /// <summary>Where the list of goods begins, if no line that all receipts share does: a ruled line.</summary>
    internal const string Rule = @"^\W*[-=_*.]{4,}\W*$";

    /// <summary>A heading over columns: two of its words.</summary>
    internal const string Heading =
        @"\b(tên hàng|mặt hàng|tên món|sản phẩm|diễn giải|sl|s\.l|số lượng|đơn giá|đ\.giá|giá|item|qty|description)\b.*\b(sl|đơn giá|đ\.giá|giá|thành tiền|t\.tiền|tt|price|amount|total)\b";

    /// <summary>A date with a four-digit year.</summary>
    internal const string Date = @"\b(?<date>[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2})\b";

    /// <summary>A time of day.</summary>
    internal const string Time = @"\b(?<time>[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)\b";

    /// <summary>
    /// A name that is none: a label, a sum or a column's heading, or one that ends with numbers that are columns of their own.
    /// </summary>
    internal const string NoName =
        @"(:\W*$)|(^\W*(số lượng|đơn giá|thành tiền|số tiền|tổng|cộng|tiền|khách|tạm tính|thanh toán|điểm|phí|thuế|vat|giảm|chiết khấu|total|subtotal|amount|cash|change)\b)"
        + @"|([0-9]{1,3}([.,][0-9]{3})+\W*$)|([0-9][.,0-9]*\s*[x*@]?\s+[0-9][.,0-9]*\W*$)";

    /// <summary>A line of a word and an amount.</summary>
    internal static string WithAmount(string words) => words + Amount;

    /// <summary>A line of a word for the total.</summary>
    internal static string Total(string word) => $@"^\W*{word.Replace(" ", @"\s+", StringComparison.Ordinal).Replace(".", @"\.", StringComparison.Ordinal)}{Amount}";

    /// <summary>A line that takes something off: on the whole, or off the goods above.</summary>
    internal static string Discount(IEnumerable<string> words, string number) =>
        $@"^\W*({string.Join('|', words)})\b(.*[\s:$])?{{{number}}}\W*$";

    /// <summary>A label and the number behind it, which has a digit.</summary>
    internal static string Number(string label) => $@"(^|\s|\W){label}\s*[:.#]*\s*(?<number>[a-z0-9/_-]*[0-9][a-z0-9/_-]*)";
}

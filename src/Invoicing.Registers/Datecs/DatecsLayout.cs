using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Invoicing.Registers.Datecs.Layouts;
using Invoicing.Sales;

namespace Invoicing.Registers.Datecs;

/// <summary>
/// How the register's documents are printed, line by line, as regular expressions with named groups. Data, so that a shop whose register has
/// other words can change them. Case does not count.
/// </summary>
/// <remarks>
/// Patterns are run without backtracking, so look-around and back-references are not allowed. Amounts are the group <c>amount</c>. The built-in
/// words are the firmware's own Bulgarian ones with English and unaccented Vietnamese beside them.
/// </remarks>
public sealed record DatecsLayout
{
    /// <summary>Patterns that are kept ready: those of ten layouts, while a gateway has one or two.</summary>
    private const int MostReady = 256;

    private static readonly ConcurrentDictionary<string, Regex> Ready = new(StringComparer.Ordinal);

    private const string Amount = @"(?<amount>-?\d{1,15}([.]\d{1,3})?)";
    private const string AtEnd = @"\s*(ĐỒNG|DONG|VND|ЛВ)?\s*$";

    private static readonly string[] AmountOnly = ["amount"];

    /// <summary>The built-in layout.</summary>
    public static DatecsLayout BuiltIn { get; } = new();

    /// <summary>Quantity and price of the goods on the next line: groups <c>quantity</c> and <c>price</c>.</summary>
    public string Quantity { get; init; } = @"^\s*(?<quantity>-?\d{1,15}([.]\d{1,6})?)\s*[xх*]\s*(?<price>-?\d{1,15}([.]\d{1,6})?)\s*$";

    /// <summary>Goods: groups <c>name</c>, <c>amount</c>, and <c>tax</c> with the register's tax letter.</summary>
    public string Item { get; init; } = @"^\s?(?<name>\S.*?)\s+" + Amount + @"\s+[*#]?(?<tax>[А-ЗA-H])\s*$";

    /// <summary>
    /// Goods whose name is the line above, where nothing else is: groups <c>quantity</c>, <c>price</c>, <c>amount</c>, and <c>tax</c>.
    /// </summary>
    public string Sold { get; init; } =
        @"^\s*(?<quantity>-?\d{1,15}([.]\d{1,6})?)\s*[xх*]\s*(?<price>-?\d{1,15}([.]\d{1,6})?)\s+" + Amount + @"(\s+[*#]?(?<tax>[А-ЗA-H]))?\s*$";

    /// <summary>Discount on the goods above, or on the whole receipt if a subtotal stands above.</summary>
    public string Discount { get; init; } = @"^\s*(ОТСТЪПКА|DISCOUNT|GIAM GIA|CHIET KHAU).*?\s" + Amount + @"(\s+[*#]?[А-ЗA-H])?" + AtEnd;

    /// <summary>Surcharge; a receipt with one is held, as the law's invoice has none.</summary>
    public string Surcharge { get; init; } = @"^\s*(НАДБАВКА|SURCHARGE|PHU THU).*?\s" + Amount + @"(\s+[*#]?[А-ЗA-H])?" + AtEnd;

    /// <summary>Says that the goods on the next line are taken back within the receipt.</summary>
    public string Correction { get; init; } = @"^[\s\-=*]*(КОРЕКЦИЯ|ВОЙД|VOID|SUA SAI|HUY)[\s\-=*]*$";

    /// <summary>Subtotal.</summary>
    public string Subtotal { get; init; } = @"^\s*(МЕЖДИННА СУМА|SUBTOTAL|TAM TINH)\b.*?\s" + Amount + AtEnd;

    /// <summary>The receipt's total.</summary>
    public string Total { get; init; } = @"^\s*(ОБЩА СУМА|TOTAL|TONG CONG|TONG TIEN)\b.*?\s" + Amount + AtEnd;

    /// <summary>Change given back.</summary>
    public string Change { get; init; } = @"^\s*(РЕСТО|CHANGE|TIEN THUA|TRA LAI)\b.*?\s" + Amount + AtEnd;

    /// <summary>Payments.</summary>
    public ImmutableArray<PaymentWord> Payments { get; init; } =
    [
        new(@"^\s*(В БРОЙ|БРОЙ|CASH|TIEN MAT)\b.*?\s" + Amount + AtEnd, PaymentMeans.Cash),
        new(@"^\s*(С КАРТА|КАРТА|ДЕБИТНА КАРТА|CARD|THE)\b.*?\s" + Amount + AtEnd, PaymentMeans.Card),
        new(@"^\s*(БАНКА|БАНКОВ ПРЕВОД|ПО БАНКОВ ПЪТ|TRANSFER|CHUYEN KHOAN)\b.*?\s" + Amount + AtEnd, PaymentMeans.Transfer),
        new(@"^\s*(ВАУЧЕР|КУПОН|ТАЛОН|VOUCHER|COUPON)\b.*?\s" + Amount + AtEnd, PaymentMeans.Voucher),
        new(@"^\s*(КРЕДИТ|ПО СМЕТКА|CREDIT|GHI NO)\b.*?\s" + Amount + AtEnd, PaymentMeans.Credit),
        new(@"^\s*(ЧЕК|CHECK|CHEQUE)\b.*?\s" + Amount + AtEnd, PaymentMeans.Other),
    ];

    /// <summary>The document's number: group <c>number</c>.</summary>
    public string Number { get; init; } = @"(^|\s)(?<number>\d{7})(\s|$)";

    /// <summary>When it was closed: group <c>time</c>, as <c>DD-MM-YYYY hh:mm:ss</c> or with a year of two digits.</summary>
    public string Time { get; init; } = @"(^|\s)(?<time>\d{2}[-.]\d{2}[-.](\d{4}|\d{2})\s+\d{2}:\d{2}(:\d{2})?)(\s|$)";

    /// <summary>The cashier: group <c>cashier</c>.</summary>
    public string Cashier { get; init; } = @"^\s*(ОПЕРАТОР|КАСИЕР|OPERATOR|CASHIER|THU NGAN)\s*[:№#]?\s*(?<cashier>\S.*?)\s*$";

    /// <summary>Says that the document takes goods back.</summary>
    public string Reversal { get; init; } = @"\bСТОРНО\b|\bSTORNO\b|\bREFUND\b";

    /// <summary>The document that is taken back: group <c>number</c>.</summary>
    public string Reversed { get; init; } = @"^\s*(КЪМ ДОКУМЕНТ|КЪМ БОН|ДОКУМЕНТ|ДОК|СТОРНИРАН БОН|REFERENCE|DOCUMENT)\b\D*(?<number>\d{1,10})";

    /// <summary>Says that the receipt was annulled before it was closed.</summary>
    public string Cancelled { get; init; } = @"\bАНУЛИРАН|\bCANCELLED\b|\bANNULLED\b|\bDA HUY\b";

    /// <summary>Says that the document is a fiscal receipt.</summary>
    public string Fiscal { get; init; } = @"\bФИСКАЛЕН\s+БОН\b|\bFISCAL\s+RECEIPT\b";

    /// <summary>Says that the document is none of sales: a text, cash into or out of the drawer.</summary>
    public string NonFiscal { get; init; } = @"\bСЛУЖЕБЕН\s+БОН\b|\bСЛУЖЕБНО\b|\bNON-?\s?FISCAL\b";

    /// <summary>Says that the document closes the day.</summary>
    public string DayClose { get; init; } = @"ОТЧЕТ\s+С\s+НУЛИРАНЕ|ФИНАНСОВ\s+ОТЧЕТ\s+\S*\s*С\s+НУЛИРАНЕ|ОТЧЕТ\s+Z\b|\bZ[-\s]REPORT\b|\bZ[-\s]ОТЧЕТ\b";

    /// <summary>Says that the document is a report without a close.</summary>
    public string Report { get; init; } = @"БЕЗ\s+НУЛИРАНЕ|ОТЧЕТ\s+X\b|\bX[-\s]REPORT\b|\bX[-\s]ОТЧЕТ\b";

    /// <summary>How many receipts a day close counts: group <c>count</c>.</summary>
    public string DayCount { get; init; } = @"^\s*(БРОЙ ФИСКАЛНИ БОНОВЕ|ФИСКАЛНИ БОНОВЕ|БРОЙ БОНОВЕ|RECEIPTS|SO HOA DON)\b\D*(?<count>\d{1,9})\s*$";

    /// <summary>What a day close comes to.</summary>
    public string DayTotal { get; init; } = @"^\s*(ДНЕВЕН ОБОРОТ|ОБОРОТ|TURNOVER|DOANH THU)\b.*?\s" + Amount + AtEnd;

    /// <summary>What is wrong with the patterns, as <c>key: expected, found</c>; <see langword="null"/> if nothing.</summary>
    public string? Fault()
    {
        (string Key, string Pattern, string[] Groups)[] all =
        [
            (nameof(Quantity), Quantity, ["quantity", "price"]), (nameof(Sold), Sold, ["quantity", "price", "amount"]),
            (nameof(Item), Item, ["name", "amount"]), (nameof(Discount), Discount, ["amount"]),
            (nameof(Surcharge), Surcharge, ["amount"]), (nameof(Correction), Correction, []), (nameof(Subtotal), Subtotal, []),
            (nameof(Total), Total, ["amount"]), (nameof(Change), Change, ["amount"]), (nameof(Number), Number, ["number"]), (nameof(Time), Time, ["time"]),
            (nameof(Cashier), Cashier, ["cashier"]), (nameof(Reversal), Reversal, []), (nameof(Reversed), Reversed, ["number"]),
            (nameof(Cancelled), Cancelled, []), (nameof(Fiscal), Fiscal, []), (nameof(NonFiscal), NonFiscal, []), (nameof(DayClose), DayClose, []),
            (nameof(Report), Report, []), (nameof(DayCount), DayCount, ["count"]), (nameof(DayTotal), DayTotal, ["amount"]),
            .. Payments.Select(word => (nameof(Payments), word.Pattern, AmountOnly)),
        ];
        return all.Select(pattern => Fault(pattern.Key, pattern.Pattern, pattern.Groups)).FirstOrDefault(fault => fault is not null);
    }

    /// <summary>Makes a pattern ready: once, as all patterns of a layout take a quarter of a second.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    /// <exception cref="NotSupportedException">It looks around or back.</exception>
    internal static Regex Compile(string pattern) => Ready.TryGetValue(pattern, out Regex? ready) ? ready
        : Ready.Count < MostReady ? Ready.GetOrAdd(pattern, Make)
        : Make(pattern);

    private static Regex Make(string pattern) =>
        new(pattern, RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static string? Fault(string key, string pattern, string[] groups)
    {
        try
        {
            string[] found = Compile(pattern).GetGroupNames();
            return groups.FirstOrDefault(group => !found.Contains(group, StringComparer.Ordinal)) is { } missing
                ? $"{key}: expected a group named '{missing}', found none in '{pattern}'"
                : null;
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            return $"{key}: expected a regular expression without look-around, found '{pattern}' ({fault.Message})";
        }
    }
}

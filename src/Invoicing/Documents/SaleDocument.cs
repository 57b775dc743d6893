using Invoicing.Amounts;
using Invoicing.Sales;
using Invoicing.Settings;

namespace Invoicing.Documents;

/// <summary>A sale as a JSON document that people and scripts write: for corrections by hand and for scenarios.</summary>
/// <remarks>
/// <para>
/// Keys: <c>lines</c> (each <c>name</c>, <c>quantity</c>, <c>unit_price</c>, <c>amount</c>; optional <c>code</c>, <c>department</c>, <c>unit</c>,
/// <c>discount</c>, <c>rate</c> as <c>8%</c>, <c>KCT</c>, <c>KHAC:05.26%</c>, <c>nature</c> 1 to 5, <c>special</c>), <c>total</c>; optional
/// <c>receipt_discount</c>, <c>payments</c> (<c>means</c> 0 to 7, <c>amount</c>), <c>prices_include_tax</c> (true unless said), <c>receipt</c>,
/// <c>cashier</c>, <c>closed_at</c> (ISO 8601 with offset), <c>clock</c> 0 to 2, <c>buyer</c>.
/// </para>
/// <para>Amounts are whole đồng. Nothing is judged here: what can be said at all is read, the rules come later.</para>
/// </remarks>
public static class SaleDocument
{
    /// <summary>Reads a sale.</summary>
    /// <param name="json">The document.</param>
    /// <param name="key">Its key: the document names none.</param>
    /// <exception cref="SettingsException">A key that is missing, misspelt or has another type, with its path.</exception>
    public static Sale Read(JsonSettings json, in SaleKey key)
    {
        ArgumentNullException.ThrowIfNull(json);
        Sale sale = new()
        {
            Key = key,
            ReceiptNumber = json.OptionalText("receipt"),
            Cashier = json.OptionalText("cashier"),
            ClosedAt = ReadTime(json),
            Clock = (ClockConfidence)json.Number("clock", 0, 2, 0),
            PricesIncludeTax = json.Flag("prices_include_tax", byDefault: true),
            Lines = [.. json.Objects("lines").Select(ReadLine)],
            ReceiptDiscount = new(Amount(json, "receipt_discount", byDefault: 0)),
            Payments = [.. json.Objects("payments").Select(ReadPayment)],
            Total = new(Amount(json, "total")),
            Buyer = json.OptionalObject("buyer") is { } buyer ? ReadBuyer(buyer) : null,
        };
        json.Done();
        return sale;
    }

    /// <summary>Reads buyer data: keys as the parts of <see cref="Buyer"/> in lower case with underscores.</summary>
    /// <exception cref="SettingsException">A key that is misspelt or no text.</exception>
    public static Buyer ReadBuyer(JsonSettings json)
    {
        ArgumentNullException.ThrowIfNull(json);
        Buyer buyer = new()
        {
            Name = json.OptionalText("name") ?? string.Empty,
            TaxCode = json.OptionalText("tax_code") ?? string.Empty,
            Address = json.OptionalText("address") ?? string.Empty,
            Person = json.OptionalText("person") ?? string.Empty,
            PersonalId = json.OptionalText("personal_id") ?? string.Empty,
            Passport = json.OptionalText("passport") ?? string.Empty,
            Phone = json.OptionalText("phone") ?? string.Empty,
            Email = json.OptionalText("email") ?? string.Empty,
            BudgetCode = json.OptionalText("budget_code") ?? string.Empty,
            CustomerCode = json.OptionalText("customer_code") ?? string.Empty,
        };
        json.Done();
        return buyer;
    }

    private static SaleLine ReadLine(JsonSettings json)
    {
        SaleLine line = new()
        {
            Code = json.OptionalText("code"),
            Department = json.OptionalText("department"),
            Name = json.OptionalText("name") ?? string.Empty,
            Unit = json.OptionalText("unit") ?? string.Empty,
            Quantity = json.OptionalDecimal("quantity") ?? throw json.Fault("quantity", "a decimal number", "nothing"),
            UnitPrice = json.OptionalDecimal("unit_price") ?? throw json.Fault("unit_price", "a decimal number", "nothing"),
            Discount = new(Amount(json, "discount", byDefault: 0)),
            Rate = json.OptionalText("rate") is { } text ? ReadRate(json, text) : null,
            Nature = (LineNature)json.Number("nature", 1, 5, 1),
            Special = json.OptionalObject("special") is { } special ? ReadSpecial(special) : null,
            Amount = new(Amount(json, "amount")),
        };
        json.Done();
        return line;
    }

    private static SpecialGoods ReadSpecial(JsonSettings json)
    {
        SpecialGoods special = new((SpecialGoodsType)json.Number("type", 1, 4, 1), json.Text("identity"), json.OptionalText("engine") ?? string.Empty);
        json.Done();
        return special;
    }

    private static Payment ReadPayment(JsonSettings json)
    {
        Payment payment = new((PaymentMeans)json.Number("means", 0, 7, 0), new(Amount(json, "amount")));
        json.Done();
        return payment;
    }

    private static TaxRate ReadRate(JsonSettings json, string text) =>
        TaxRate.TryParse(text, out TaxRate rate) ? rate : throw json.Fault("rate", "0%, 5%, 8%, 10%, KCT, KKKNT or KHAC:AB.CD%", $"'{text}'");

    private static DateTimeOffset? ReadTime(JsonSettings json) => json.OptionalText("closed_at") switch
    {
        null => null,
        { } text when DateTimeOffset.TryParseExact(
            text, "yyyy-MM-dd'T'HH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None,
            out DateTimeOffset time) => time,
        { } other => throw json.Fault("closed_at", "a time such as 2026-07-02T21:15:00+07:00", $"'{other}'"),
    };

    private static long Amount(JsonSettings json, string key, long? byDefault = null)
    {
        long value = json.Number(key, -long.MaxValue, long.MaxValue, byDefault ?? long.MinValue);
        return value == long.MinValue ? throw json.Fault(key, "an amount in whole đồng", "nothing") : value;
    }
}

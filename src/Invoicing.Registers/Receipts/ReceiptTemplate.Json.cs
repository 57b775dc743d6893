using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Invoicing.Amounts;
using Invoicing.Sales;
using Invoicing.Settings;

namespace Invoicing.Registers.Receipts;

/// <summary>Templates as files.</summary>
public sealed partial record ReceiptTemplate
{
    /// <summary>Reads a template and makes all of its patterns ready.</summary>
    /// <param name="json">Its text.</param>
    /// <param name="source">Name of the file, for errors.</param>
    /// <exception cref="SettingsException">Something in it cannot be used; the key, what was expected and what was found are named.</exception>
    public static ReceiptTemplate Parse(string json, string source)
    {
        var settings = JsonSettings.Parse(json, source);
        ImmutableDictionary<TemplatePart, string> parts = DefaultMarks;
        foreach (TemplatePart part in Enum.GetValues<TemplatePart>())
        {
            if (settings.OptionalText(TemplatePatterns.KeyOf(part)) is { } pattern)
            {
                parts = parts.SetItem(part, pattern);
            }
        }

        ReceiptTemplate template = new()
        {
            Name = settings.OptionalText("name") ?? "receipt",
            Numbers = ReadNumbers(settings.OptionalObject("numbers")),
            Parts = parts,
            Items = [.. settings.Objects("items").Select(ReadItem)],
            Payments = [.. settings.Objects("payments").Select(ReadPayment)],
            Rates = settings.Objects("rates").Select(ReadRate).ToImmutableDictionary(rate => rate.Mark, rate => rate.Rate, StringComparer.OrdinalIgnoreCase),
            NameLines = settings.Flag("nameLines", false),
            AmountsAreAfterDiscount = settings.Flag("amountsAreAfterDiscount", false),
            SubtotalIsBeforeDiscount = settings.Flag("subtotalIsBeforeDiscount", false),
            Scope = Word(settings, "numberScope", NumberScope.Ever),
            NumbersInSequence = settings.Flag("numbersInSequence", false),
            DateFormat = settings.OptionalText("dateFormat") ?? new ReceiptTemplate().DateFormat,
            PricesIncludeTax = settings.Flag("pricesIncludeTax", true),
            DefaultRate = settings.OptionalText("defaultRate") is { } rate ? Rate(settings, "defaultRate", rate) : null,
        };
        settings.Done();
        _ = TemplatePatterns.Of(template, source);
        return template;
    }

    /// <summary>Writes the template as <see cref="Parse"/> reads it.</summary>
    public string ToJson()
    {
        using MemoryStream stream = new();
        JsonWriterOptions options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (Utf8JsonWriter writer = new(stream, options))
        {
            writer.WriteStartObject();
            writer.WriteString("name", Name);
            WriteNumbers(writer);
            foreach (TemplatePart part in Enum.GetValues<TemplatePart>())
            {
                if (Parts.TryGetValue(part, out string? pattern) && DefaultMarks.GetValueOrDefault(part) != pattern)
                {
                    writer.WriteString(TemplatePatterns.KeyOf(part), pattern);
                }
            }

            WriteLists(writer);
            writer.WriteBoolean("nameLines", NameLines);
            writer.WriteBoolean("amountsAreAfterDiscount", AmountsAreAfterDiscount);
            writer.WriteBoolean("subtotalIsBeforeDiscount", SubtotalIsBeforeDiscount);
            writer.WriteString("numberScope", LowerCase(Scope.ToString()));
            writer.WriteBoolean("numbersInSequence", NumbersInSequence);
            writer.WriteString("dateFormat", DateFormat);
            writer.WriteBoolean("pricesIncludeTax", PricesIncludeTax);
            if (DefaultRate is { } rate)
            {
                writer.WriteString("defaultRate", rate.ToString());
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private void WriteNumbers(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("numbers");
        writer.WriteString("thousands", Numbers.Thousands?.ToString() ?? "none");
        writer.WriteString("decimal", Numbers.DecimalMark.ToString());
        if (Numbers.QuantityMark is { } mark)
        {
            writer.WriteString("quantityDecimal", mark.ToString());
        }

        writer.WriteNumber("minorDigits", Numbers.MinorDigits);
        writer.WriteEndObject();
    }

    private void WriteLists(Utf8JsonWriter writer)
    {
        WriteList(writer, "items", Items, item => [("line", item.Line), ("next", item.Next)]);
        WriteList(writer, "payments", Payments, payment => [("line", payment.Line), ("means", LowerCase(payment.Means.ToString()))]);
        WriteList(
            writer, "rates", [.. Rates.OrderBy(rate => rate.Key, StringComparer.Ordinal)], rate => [("mark", rate.Key), ("rate", rate.Value.ToString())]);
    }

    private static void WriteList<T>(Utf8JsonWriter writer, string key, ImmutableArray<T> list, Func<T, (string Key, string? Text)[]> parts)
    {
        if (list.IsEmpty)
        {
            return;
        }

        writer.WriteStartArray(key);
        foreach (T element in list)
        {
            writer.WriteStartObject();
            foreach ((string name, string? text) in parts(element))
            {
                if (text is not null)
                {
                    writer.WriteString(name, text);
                }
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static NumberFormat ReadNumbers(JsonSettings? settings)
    {
        if (settings is null)
        {
            return new();
        }

        NumberFormat numbers = new(
            settings.OptionalText("thousands") == "none" ? null : Mark(settings, "thousands", '.'),
            Mark(settings, "decimal", ','),
            (int)settings.Number("minorDigits", 0, NumberFormat.MostMinorDigits, 0),
            settings.OptionalText("quantityDecimal") is null ? null : Mark(settings, "quantityDecimal", '.'));
        if (numbers.Thousands == numbers.DecimalMark)
        {
            throw settings.Fault("decimal", "another mark than that of thousands", $"'{numbers.DecimalMark}' for both");
        }

        settings.Done();
        return numbers;
    }

    private static char Mark(JsonSettings settings, string key, char byDefault) => settings.OptionalText(key) switch
    {
        null => byDefault,
        "." => '.',
        "," => ',',
        { } other => throw settings.Fault(key, "'.' or ','" + (key == "thousands" ? " or 'none'" : string.Empty), $"'{other}'"),
    };

    private static ItemPattern ReadItem(JsonSettings settings)
    {
        ItemPattern item = new(settings.Text("line"), settings.OptionalText("next"));
        settings.Done();
        return item;
    }

    private static PaymentPattern ReadPayment(JsonSettings settings)
    {
        PaymentPattern payment = new(settings.Text("line"), Word(settings, "means", PaymentMeans.Cash));
        settings.Done();
        return payment;
    }

    private static (string Mark, TaxRate Rate) ReadRate(JsonSettings settings)
    {
        (string Mark, TaxRate Rate) rate = (settings.Text("mark"), Rate(settings, "rate", settings.Text("rate")));
        settings.Done();
        return rate;
    }

    private static TaxRate Rate(JsonSettings settings, string key, string text) => TaxRate.TryParse(text, out TaxRate rate)
        ? rate
        : throw settings.Fault(key, "a rate such as 8%, KCT or KHAC:05.26%", $"'{text}'");

    private static T Word<T>(JsonSettings settings, string key, T byDefault)
        where T : struct, Enum => settings.OptionalText(key) is not { } text ? byDefault
        : Enum.TryParse(text, ignoreCase: true, out T value) && !char.IsAsciiDigit(text[0]) ? value
        : throw settings.Fault(key, $"one of {string.Join(", ", Enum.GetNames<T>().Select(LowerCase))}", $"'{text}'");

    private static string LowerCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}

using System.Text;
using Invoicing.Amounts;

namespace Invoicing.Vietnam;

/// <summary>An amount in Vietnamese words, as an invoice states its total (TgTTTBChu): <c>Một trăm hai mươi nghìn đồng</c>.</summary>
/// <remarks>
/// <para>Grammar, words parted by one blank, first letter upper case, in composed form (NFC), northern usage:</para>
/// <list type="bullet">
/// <item>amount = ["âm"] number "đồng"; number = "không", or [high "tỷ"] [three "triệu"] [three "nghìn"] [three], where high is a number of up
/// to six digits of the same form without tỷ and triệu, so that 10^12 is "một nghìn tỷ". Parts that come to 0 are left out.</item>
/// <item>three = [digit "trăm"] tens; hundreds are said in every part that is not the first, "không trăm" too:
/// "một triệu không trăm linh năm nghìn". Tens of 0 before a unit are "linh", never "lẻ".</item>
/// <item>ten is "mười", the tens after it are digit "mươi". A unit of 1 is "mốt" behind "mươi", else "một"; of 4 is "tư" behind "mươi" and
/// "linh", else "bốn" (so "mười bốn"); of 5 is "lăm" behind "mười" and "mươi", else "năm". 10^9 is "tỷ", 10^3 "nghìn", never "ngàn".</item>
/// <item>"Âm" (minus) begins the differences of an adjustment that come to less than nothing.</item>
/// </list>
/// <para>
/// No text is longer than 160 characters, of the 255 that the law allows. Source: element TgTTTBChu, Decision 1271/QĐ-CT; spelling rules for
/// numbers, DECISIONS.md.
/// </para>
/// </remarks>
public static class AmountInWords
{
    private const int Thousand = 1_000;
    private const long Million = 1_000_000;
    private const long Billion = 1_000_000_000;

    private static readonly string[] Digits = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];

    /// <summary>Writes an amount in words.</summary>
    /// <param name="amount">Of any sign, at most 15 digits.</param>
    /// <exception cref="ArgumentOutOfRangeException">More than 15 digits (<see cref="InvoiceRules.MaxAmount"/>).</exception>
    public static string Of(Money amount)
    {
        if (amount > InvoiceRules.MaxAmount || amount < -InvoiceRules.MaxAmount)
        {
            throw new ArgumentOutOfRangeException(nameof(amount), amount, $"expected at most 15 digits ({InvoiceRules.MaxAmount})");
        }

        StringBuilder words = new(160);
        if (amount < Money.Zero)
        {
            Say(words, "âm");
        }

        SayNumber(words, Math.Abs(amount.Dong));
        Say(words, "đồng");
        words[0] = char.ToUpperInvariant(words[0]);
        return words.ToString();
    }

    private static void SayNumber(StringBuilder words, long number)
    {
        if (number == 0)
        {
            Say(words, Digits[0]);
            return;
        }

        long billions = number / Billion;
        bool isFirst = true;
        SayPart(words, (int)(billions / Thousand), "nghìn", ref isFirst);
        SayPart(words, (int)(billions % Thousand), string.Empty, ref isFirst);
        if (billions > 0)
        {
            Say(words, "tỷ");
        }

        SayPart(words, (int)(number % Billion / Million), "triệu", ref isFirst);
        SayPart(words, (int)(number % Million / Thousand), "nghìn", ref isFirst);
        SayPart(words, (int)(number % Thousand), string.Empty, ref isFirst);
    }

    /// <summary>Says three digits and what they count, or nothing if they come to nothing.</summary>
    private static void SayPart(StringBuilder words, int three, string unit, ref bool isFirst)
    {
        if (three == 0)
        {
            return;
        }

        bool saysHundreds = !isFirst || three >= 100;
        isFirst = false;
        if (saysHundreds)
        {
            Say(words, Digits[three / 100]);
            Say(words, "trăm");
        }

        SayTens(words, three / 10 % 10, three % 10, saysHundreds);
        if (unit.Length > 0)
        {
            Say(words, unit);
        }
    }

    private static void SayTens(StringBuilder words, int tens, int units, bool hasHundreds)
    {
        if (tens > 1)
        {
            Say(words, Digits[tens]);
        }

        string ten = tens > 1 ? "mươi" : tens == 1 ? "mười" : hasHundreds && units > 0 ? "linh" : string.Empty;
        if (ten.Length > 0)
        {
            Say(words, ten);
        }

        if (units > 0)
        {
            Say(words, Unit(tens, units, hasHundreds));
        }
    }

    private static string Unit(int tens, int units, bool hasHundreds) => units switch
    {
        1 when tens > 1 => "mốt",
        4 when tens > 1 || (tens == 0 && hasHundreds) => "tư",
        5 when tens > 0 => "lăm",
        _ => Digits[units],
    };

    private static void Say(StringBuilder words, string word)
    {
        if (words.Length > 0)
        {
            words.Append(' ');
        }

        words.Append(word);
    }
}

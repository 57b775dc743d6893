namespace Invoicing.Tests.Vietnam;

/// <summary>Reads amounts in words by the grammar, in another way than they are written: by descent over words, refusing all that is not its form.</summary>
internal sealed class WordsInAmount
{
    private static readonly Dictionary<string, int> Plain = Digits("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín");

    // What another word stands for is not said there.
    private static readonly Dictionary<string, int> AfterTwenty = Digits("mốt", "hai", "ba", "tư", "lăm", "sáu", "bảy", "tám", "chín");

    private static readonly Dictionary<string, int> AfterTen = Digits("một", "hai", "ba", "bốn", "lăm", "sáu", "bảy", "tám", "chín");

    private static readonly Dictionary<string, int> AfterLinh = Digits("một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín");

    private readonly string[] _words;
    private int _at;

    private WordsInAmount(string[] words) => _words = words;

    public static long Read(string text)
    {
        Assert.True(char.IsUpper(text[0]) && !text.Skip(1).Any(char.IsUpper), $"expected one upper-case letter, the first, found '{text}'");
        var reader = new WordsInAmount((char.ToLowerInvariant(text[0]) + text[1..]).Split(' '));
        bool isNegative = reader.Takes("âm");
        long amount = reader.ReadNumber();
        Assert.True(reader.Takes("đồng") && reader._at == reader._words.Length, $"expected 'đồng' and the end, found '{text}'");
        return isNegative ? -amount : amount;
    }

    private static Dictionary<string, int> Digits(params string[] words) =>
        words.Select((word, i) => (word, i)).ToDictionary(digit => digit.word, digit => digit.i + 1, StringComparer.Ordinal);

    private long ReadNumber()
    {
        if (Takes("không"))
        {
            return 0;
        }

        // Parts in falling order; each but the first says its hundreds.
        long number = 0;
        long below = long.MaxValue;
        while (_at < _words.Length && _words[_at] != "đồng")
        {
            long three = ReadThree(isFirst: number == 0);
            long factor = ReadFactor();
            if (factor is 1_000 or 1 && IsBillionAhead(factor))
            {
                factor *= 1_000_000_000;
            }

            Assert.True(factor < below, $"expected parts in falling order, found '{string.Join(' ', _words)}'");
            below = factor;
            number += three * factor;
            _ = Takes("tỷ");
        }

        return number;
    }

    /// <summary>Behind thousands, billions may follow at once or behind three more digits.</summary>
    private bool IsBillionAhead(long factor)
    {
        int billion = Array.IndexOf(_words, "tỷ", _at);
        return billion == _at || (factor == 1_000 && billion > 0);
    }

    private long ReadFactor() => Takes("triệu") ? 1_000_000 : Takes("nghìn") ? 1_000 : 1;

    private int ReadThree(bool isFirst)
    {
        int start = _at;
        int hundreds = Takes("không") ? 0 : TryDigit(Plain);
        if (hundreds >= 0 && Takes("trăm"))
        {
            Assert.True(hundreds > 0 || !isFirst, "expected no 'không trăm' in front");
            int below = ReadTens(hasHundreds: true);
            Assert.True(hundreds + below > 0, "expected something");
            return (hundreds * 100) + below;
        }

        Assert.True(isFirst, $"expected hundreds at word {start} of '{string.Join(' ', _words)}'");
        _at = start;
        int three = ReadTens(hasHundreds: false);
        Assert.True(three > 0, $"expected a number at word {start} of '{string.Join(' ', _words)}'");
        return three;
    }

    private int ReadTens(bool hasHundreds)
    {
        if (Takes("mười"))
        {
            return 10 + Math.Max(TryDigit(AfterTen), 0);
        }

        if (hasHundreds && Takes("linh"))
        {
            int unit = TryDigit(AfterLinh);
            Assert.True(unit > 0, "expected a unit behind 'linh'");
            return unit;
        }

        int start = _at;
        int digit = TryDigit(Plain);
        if (digit >= 2 && Takes("mươi"))
        {
            return (digit * 10) + Math.Max(TryDigit(AfterTwenty), 0);
        }

        if (hasHundreds)
        {
            _at = start; // the next part begins here, if there is one
            return 0;
        }

        return Math.Max(digit, 0);
    }

    private int TryDigit(Dictionary<string, int> digits)
    {
        if (_at < _words.Length && digits.TryGetValue(_words[_at], out int digit))
        {
            _at++;
            return digit;
        }

        return -1;
    }

    private bool Takes(string word)
    {
        bool isThere = _at < _words.Length && _words[_at] == word;
        _at += isThere ? 1 : 0;
        return isThere;
    }
}

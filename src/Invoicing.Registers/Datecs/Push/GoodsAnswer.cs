using System.Globalization;
using System.Text;

namespace Invoicing.Registers.Datecs.Push;

/// <summary>Writes the answer to a register that asks for goods: <c>icode;name;vat;price;</c>, or a refusal, also of a code that leaves no room for an answer.</summary>
internal static class GoodsAnswer
{
    private const int MaxName = 40;

    /// <summary>Longest code that goods may have: no bar code is longer, and name, tax, price and separators take 64 of the 249 bytes.</summary>
    private const int MaxCode = 128;

    /// <summary>Writes it.</summary>
    public static PushPacket Of(string code, byte log, DatecsGoods? goods, char separator)
    {
        if (code.Length > MaxCode || goods is not { Name.Length: > 0, Tax: >= 1 and <= 9, Price: >= 0 })
        {
            return new(PushPacket.EcrServer, PushOperation.Refuse, log, 0, ReadOnlyMemory<byte>.Empty);
        }

        string name = PlainLetters.Of(goods.Name).Replace(separator, ',');
        name = name.Length > MaxName ? name[..MaxName] : name;
        string text = string.Create(CultureInfo.InvariantCulture, $"{code}{separator}{name}{separator}{goods.Tax}{separator}{goods.Price}{separator}");
        return new(PushPacket.EcrServer, PushOperation.Answer, log, 0, Encoding.ASCII.GetBytes(text));
    }
}

using System.Globalization;
using System.Text;

namespace Invoicing.Registers.Datecs.Push;

/// <summary>Writes the answer to a register that asks for goods: <c>icode;name;vat;price;</c>, or a refusal.</summary>
internal static class GoodsAnswer
{
    private const int MaxName = 40;

    /// <summary>Writes it.</summary>
    public static PushPacket Of(string code, byte log, DatecsGoods? goods, char separator)
    {
        if (goods is not { Name.Length: > 0, Tax: >= 1 and <= 9, Price: >= 0 })
        {
            return new(PushPacket.EcrServer, PushOperation.Refuse, log, 0, ReadOnlyMemory<byte>.Empty);
        }

        string name = PlainLetters.Of(goods.Name).Replace(separator, ',');
        name = name.Length > MaxName ? name[..MaxName] : name;
        string text = string.Create(CultureInfo.InvariantCulture, $"{code}{separator}{name}{separator}{goods.Tax}{separator}{goods.Price}{separator}");
        return new(PushPacket.EcrServer, PushOperation.Answer, log, 0, Encoding.ASCII.GetBytes(text));
    }
}

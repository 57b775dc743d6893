using Invoicing.Amounts;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Sales;

namespace Invoicing.Registers.Tlk.Records;

/// <summary>
/// Makes a <see cref="SaleLine"/> of a line's group. What is not there was not stated: the gateway's catalogue may know it. TLK/1 §4.
/// </summary>
internal static class LineReader
{
    private const decimal Micro = 1_000_000m;
    private const int MaxSpecial = 50;

    /// <summary>Reads a line; faults go where the record's faults go.</summary>
    internal static SaleLine Read(ReadOnlyMemory<byte> bytes, int ordinal, TlvFault fault)
    {
        TlvGroup line = new(
            bytes,
            $"line {ordinal}",
            [
                LineTag.No, LineTag.Code, LineTag.Name, LineTag.Unit, LineTag.Quantity, LineTag.Price, LineTag.Discount, LineTag.TaxClass,
                LineTag.Rate, LineTag.Amount, LineTag.Nature, LineTag.Department, LineTag.Special,
            ],
            [],
            fault);
        _ = line.U16(LineTag.No, 1);
        LineNature nature = line.Has(LineTag.Nature) ? (LineNature)line.U8(LineTag.Nature, 1, 5) : LineNature.Goods;
        bool mayLackName = line.Has(LineTag.Code) || line.Has(LineTag.Department);
        return new()
        {
            Code = line.Has(LineTag.Code) ? line.Text(LineTag.Code, 50) : null,
            Name = line.Has(LineTag.Name) || !mayLackName ? line.Text(LineTag.Name, 500) : string.Empty,
            Unit = line.Has(LineTag.Unit) ? line.Text(LineTag.Unit, 50) : string.Empty,
            Quantity = Quantity(line, nature) / Micro,
            UnitPrice = line.S64(LineTag.Price) / Micro,
            Discount = line.Has(LineTag.Discount) ? new(line.S64(LineTag.Discount, 0)) : Money.Zero,
            Rate = Rate(line),
            Amount = new(line.S64(LineTag.Amount)),
            Nature = nature,
            Department = line.Has(LineTag.Department) ? line.Text(LineTag.Department, 20) : null,
            Special = Special(line, nature, fault),
        };
    }

    private static long Quantity(TlvGroup line, LineNature nature)
    {
        long quantity = line.S64(LineTag.Quantity);
        if (quantity == 0 && nature is not (LineNature.TradeDiscount or LineNature.Note))
        {
            line.Note(LineTag.Quantity, "not 0, but in a trade discount or a note", "0");
        }

        return quantity;
    }

    private static TaxRate? Rate(TlvGroup line)
    {
        if (line.Has(LineTag.TaxClass))
        {
            return TaxClasses.Read(line, LineTag.TaxClass, LineTag.Rate);
        }

        if (line.Has(LineTag.Rate))
        {
            line.Note(LineTag.Rate, "none without a tax class", "one");
        }

        return null;
    }

    private static SpecialGoods? Special(TlvGroup line, LineNature nature, TlvFault fault)
    {
        if (line.Has(LineTag.Special) != (nature == LineNature.Special))
        {
            bool isMissing = nature == LineNature.Special;
            line.Note(LineTag.Special, isMissing ? "what the special goods are" : "none on other goods", isMissing ? "nothing" : "one");
            return null;
        }

        if (nature != LineNature.Special)
        {
            return null;
        }

        TlvGroup special = new(line.Bytes(LineTag.Special, 1, 200), "special goods", [1, 2, 3], [], fault);
        return new(
            (SpecialGoodsType)special.U8(1, 1, 4), special.Text(2, MaxSpecial), special.Has(3) ? special.Text(3, MaxSpecial) : string.Empty);
    }
}

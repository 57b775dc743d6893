using Invoicing.Amounts;
using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tlk.Records;

/// <summary>Tax classes of TLK/1 (§4) and the rates that they name.</summary>
internal static class TaxClasses
{
    private const byte Other = 7;
    private const ushort LargestRate = 9999;

    /// <summary>Reads class and, for class 7 only, rate.</summary>
    internal static TaxRate Read(TlvGroup fields, byte classTag, byte rateTag)
    {
        byte number = fields.U8(classTag, 1, Other);
        if (number != Other)
        {
            if (fields.Has(rateTag))
            {
                fields.Note(rateTag, "none beside this tax class", "one");
            }

            return number switch
            {
                2 => TaxRate.Five,
                3 => TaxRate.Eight,
                4 => TaxRate.Ten,
                5 => TaxRate.NotSubject,
                6 => TaxRate.NotDeclared,
                _ => TaxRate.Zero,
            };
        }

        return TaxRate.Other(fields.U16(rateTag, 0, LargestRate));
    }
}

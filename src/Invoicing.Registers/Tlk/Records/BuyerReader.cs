using Invoicing.Registers.Tlk.Framing;
using Invoicing.Sales;

namespace Invoicing.Registers.Tlk.Records;

/// <summary>Makes a <see cref="Buyer"/> of a record's buyer group. Lengths in characters are judged by the rules. TLK/1 §4.</summary>
internal static class BuyerReader
{
    private const byte Blind = 0x01;
    private const int BlindLength = 16;
    private const int MaxGroup = 8192;

    private static ReadOnlySpan<byte> Texts => [2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

    /// <summary>Reads the group; <see langword="null"/> if the record has none.</summary>
    /// <remarks>
    /// A fault goes where the record's faults go, but without what was found: it is personal, and faults stand in the chain.
    /// </remarks>
    internal static Buyer? Read(TlvGroup record)
    {
        if (!record.Has(RecordTag.Buyer))
        {
            return null;
        }

        TlvFault personal = new();
        TlvGroup fields = new(record.Bytes(RecordTag.Buyer, 1, MaxGroup), "buyer", [Blind, .. Texts], [], personal);
        _ = fields.Bytes(Blind, BlindLength, BlindLength);
        Buyer buyer = new()
        {
            Name = Text(fields, 0x02, 1200),
            TaxCode = Text(fields, 0x03, 20),
            Address = Text(fields, 0x04, 1200),
            Person = Text(fields, 0x05, 300),
            PersonalId = Text(fields, 0x06, 20),
            Passport = Text(fields, 0x07, 60),
            Phone = Text(fields, 0x08, 60),
            Email = Text(fields, 0x09, 150),
            BudgetCode = Text(fields, 0x0A, 21),
            CustomerCode = Text(fields, 0x0B, 150),
        };
        if (personal.First is { } fault)
        {
            int found = fault.IndexOf(", found", StringComparison.Ordinal);
            record.Note(RecordTag.Buyer, $"a buyer ({(found < 0 ? fault : fault[..found])})", "another, which is not repeated here");
        }
        else if (buyer == new Buyer())
        {
            record.Note(RecordTag.Buyer, "something stated of the buyer", "nothing");
        }

        return buyer;
    }

    private static string Text(TlvGroup fields, byte tag, int maxBytes) => fields.Has(tag) ? fields.Text(tag, maxBytes) : string.Empty;
}

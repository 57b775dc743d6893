using Google.Protobuf;
using Invoicing.Protos.V1;
using Invoicing.Sales;

namespace Invoicing.Chain;

/// <summary>Buyer data as the bytes of an attachment (<c>BuyerRecord</c> in entry.proto), both ways. Pure.</summary>
public static class BuyerContents
{
    /// <summary>Serialises buyer data; empty parts are left out.</summary>
    public static byte[] From(Buyer buyer)
    {
        ArgumentNullException.ThrowIfNull(buyer);
        var record = new BuyerRecord();
        Set(buyer.Name, value => record.Name = value);
        Set(buyer.TaxCode, value => record.TaxCode = value);
        Set(buyer.Address, value => record.Address = value);
        Set(buyer.Person, value => record.Person = value);
        Set(buyer.PersonalId, value => record.PersonalId = value);
        Set(buyer.Passport, value => record.Passport = value);
        Set(buyer.Phone, value => record.Phone = value);
        Set(buyer.Email, value => record.Email = value);
        Set(buyer.BudgetCode, value => record.BudgetCode = value);
        Set(buyer.CustomerCode, value => record.CustomerCode = value);
        return record.ToByteArray();

        static void Set(string value, Action<string> set)
        {
            if (value.Length > 0)
            {
                set(value);
            }
        }
    }

    /// <summary>Reads buyer data back.</summary>
    /// <exception cref="InvoicingException">Other bytes.</exception>
    public static Buyer Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            BuyerRecord record = BuyerRecord.Parser.ParseFrom(bytes);
            return new()
            {
                Name = record.Name,
                TaxCode = record.TaxCode,
                Address = record.Address,
                Person = record.Person,
                PersonalId = record.PersonalId,
                Passport = record.Passport,
                Phone = record.Phone,
                Email = record.Email,
                BudgetCode = record.BudgetCode,
                CustomerCode = record.CustomerCode,
            };
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new InvoicingException($"expected buyer data, found other bytes: {fault.Message}", innerException: fault);
        }
    }
}

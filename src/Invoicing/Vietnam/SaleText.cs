using System.Collections.Immutable;
using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Vietnam;

/// <summary>Puts all texts of a sale or seller into composed form, before rules count their characters.</summary>
/// <remarks>The hash of the register's record still stands for what the register sent. What is composed already comes back as the same instance.</remarks>
internal static class SaleText
{
    public static Sale Composed(Sale sale)
    {
        string? receipt = Composed(sale.ReceiptNumber);
        string? cashier = Composed(sale.Cashier);
        Buyer? buyer = sale.Buyer is null ? null : Composed(sale.Buyer);
        ImmutableArray<SaleLine> lines = Composed(sale.Lines);
        return ReferenceEquals(receipt, sale.ReceiptNumber) && ReferenceEquals(cashier, sale.Cashier)
            && ReferenceEquals(buyer, sale.Buyer) && lines == sale.Lines
            ? sale
            : sale with { ReceiptNumber = receipt, Cashier = cashier, Buyer = buyer, Lines = lines };
    }

    public static Seller Composed(Seller seller) =>
        VietnameseText.IsComposed(seller.Name) && VietnameseText.IsComposed(seller.Address) && VietnameseText.IsComposed(seller.PlaceCode)
        && VietnameseText.IsComposed(seller.PlaceName) && VietnameseText.IsComposed(seller.PlaceAddress)
            ? seller
            : seller with
            {
                Name = VietnameseText.Compose(seller.Name),
                Address = VietnameseText.Compose(seller.Address),
                PlaceCode = VietnameseText.Compose(seller.PlaceCode),
                PlaceName = VietnameseText.Compose(seller.PlaceName),
                PlaceAddress = VietnameseText.Compose(seller.PlaceAddress),
            };

    private static string? Composed(string? text) => text is null ? null : VietnameseText.Compose(text);

    private static ImmutableArray<SaleLine> Composed(ImmutableArray<SaleLine> lines)
    {
        ImmutableArray<SaleLine>.Builder? composed = null;
        for (int i = 0; i < lines.Length; i++)
        {
            SaleLine line = Composed(lines[i]);
            if (!ReferenceEquals(line, lines[i]))
            {
                (composed ??= lines.ToBuilder())[i] = line;
            }
        }

        return composed?.MoveToImmutable() ?? lines;
    }

    private static SaleLine Composed(SaleLine line) =>
        VietnameseText.IsComposed(line.Name) && VietnameseText.IsComposed(line.Unit) && VietnameseText.IsComposed(line.Code ?? string.Empty)
        && VietnameseText.IsComposed(line.Department ?? string.Empty)
        && (line.Special is null || (VietnameseText.IsComposed(line.Special.Identity) && VietnameseText.IsComposed(line.Special.Engine)))
            ? line
            : line with
            {
                Name = VietnameseText.Compose(line.Name),
                Unit = VietnameseText.Compose(line.Unit),
                Code = Composed(line.Code),
                Department = Composed(line.Department),
                Special = line.Special is not { } special ? null : special with
                {
                    Identity = VietnameseText.Compose(special.Identity),
                    Engine = VietnameseText.Compose(special.Engine),
                },
            };

    private static Buyer Composed(Buyer buyer)
    {
        Buyer composed = buyer with
        {
            Name = VietnameseText.Compose(buyer.Name),
            TaxCode = VietnameseText.Compose(buyer.TaxCode),
            Address = VietnameseText.Compose(buyer.Address),
            Person = VietnameseText.Compose(buyer.Person),
            PersonalId = VietnameseText.Compose(buyer.PersonalId),
            Passport = VietnameseText.Compose(buyer.Passport),
            Phone = VietnameseText.Compose(buyer.Phone),
            Email = VietnameseText.Compose(buyer.Email),
            BudgetCode = VietnameseText.Compose(buyer.BudgetCode),
            CustomerCode = VietnameseText.Compose(buyer.CustomerCode),
        };
        return composed == buyer ? buyer : composed;
    }
}

using System.Text;
using Invoicing.Amounts;
using Invoicing.Invoices;

namespace Invoicing.Vietnam;

/// <content>The code of an invoice of ours, and what may stand for a shop's name and city in it.</content>
public sealed partial record TaxQrCode
{
    private const int MaxMerchant = 25; // EMV, Merchant-Presented Mode, element 59
    private const int MaxCity = 15;     // the same, element 60

    private static readonly string[] CityKinds = ["THANH PHO ", "TP. ", "TP.", "TP ", "TINH ", "T. "];

    private static readonly string[] Countries = ["VIET NAM", "VIETNAM", "VN"];

    /// <summary>Puts the code of an invoice together. Nothing is invented: what the invoice and its seller do not say is left out.</summary>
    /// <remarks>
    /// No account and no merchant category: a shop that has them adds <see cref="Payment"/> and <see cref="Category"/>. Name and city are for
    /// people in a payment program, without marks and in capitals: as many whole words of the name as 25 characters hold, and the last part of the
    /// address (of the place of business, where it has one) without "Thành phố", "TP" or "Tỉnh", left out if it is longer than 15.
    /// </remarks>
    /// <param name="invoice">The invoice.</param>
    /// <param name="seller">Who sold.</param>
    public static TaxQrCode Of(Invoice invoice, Seller seller)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        ArgumentNullException.ThrowIfNull(seller);
        return new()
        {
            Amount = invoice.Total > Money.Zero ? invoice.Total : null,
            Merchant = MerchantOf(seller.PlaceName.Length > 0 ? seller.PlaceName : seller.Name),
            City = CityOf(seller.PlaceAddress.Length > 0 ? seller.PlaceAddress : seller.Address),
            Bill = invoice.Sale.ReceiptNumber ?? string.Empty,
            Terminal = invoice.Sale.Key.Register.Value,
            SellerTaxCode = invoice.SellerTaxCode,
            Kind = invoice.Kind,
            Series = invoice.Series.ToString(),
            Number = invoice.Number,
            IssuedOn = invoice.IssuedOn,
            Total = invoice.Total,
        };
    }

    private static string MerchantOf(string name)
    {
        string plain = ToPlain(name);
        if (plain.Length <= MaxMerchant)
        {
            return plain;
        }

        int end = plain.LastIndexOf(' ', MaxMerchant);
        return end > 0 ? plain[..end] : string.Empty;
    }

    private static string CityOf(string address)
    {
        string[] parts = [.. address.Split(',').Select(ToPlain).Where(part => part.Length > 0 && !Countries.Contains(part, StringComparer.Ordinal))];
        if (parts.Length < 2)
        {
            return string.Empty; // a street alone is no city
        }

        string city = parts[^1];
        string kind = Array.Find(CityKinds, kind => city.StartsWith(kind, StringComparison.Ordinal)) ?? string.Empty;
        city = city[kind.Length..].Trim();
        return city.Length <= MaxCity ? city : string.Empty;
    }

    /// <summary>Capitals and digits of ASCII, words parted by one blank; what is not ASCII without its marks is left out.</summary>
    private static string ToPlain(string text)
    {
        StringBuilder plain = new(text.Length);
        foreach (char c in VietnameseText.Compose(text))
        {
            char letter = char.ToUpperInvariant(VietnameseText.WithoutMarks(c));
            if (letter is > ' ' and <= '~')
            {
                plain.Append(letter);
            }
            else if (char.IsWhiteSpace(letter) && plain.Length > 0 && plain[^1] != ' ')
            {
                plain.Append(' ');
            }
        }

        return plain.ToString().TrimEnd();
    }
}

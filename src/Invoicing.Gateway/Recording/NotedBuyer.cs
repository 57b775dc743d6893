using Invoicing.Sales;

namespace Invoicing.Gateway.Recording;

/// <summary>A buyer that was stated before the sale came.</summary>
/// <param name="Buyer">Who buys.</param>
/// <param name="Receipt">Number of the receipt; <see langword="null"/> for the register's next sale.</param>
/// <param name="Key">The sale itself, where it came once and could not be recorded.</param>
/// <param name="Until">When the statement lapses, on the steady clock.</param>
internal sealed record NotedBuyer(Buyer Buyer, string? Receipt, SaleKey? Key, long Until)
{
    /// <summary>Whether it speaks of the register's next sale, whichever that is.</summary>
    public bool IsForNext => Receipt is null && Key is null;

    /// <summary>Whether it speaks of this very sale.</summary>
    public bool Names(SaleKey key, string? receipt) => Key == key || (Receipt is not null && Receipt == receipt);
}

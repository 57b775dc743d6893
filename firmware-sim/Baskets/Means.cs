namespace FirmwareSim.Baskets;

/// <summary>Means of payment, TLK/1 §4.</summary>
internal enum Means : byte
{
    Cash = 1,
    Card = 2,
    Transfer = 3,
    Wallet = 4,
    Voucher = 5,
}

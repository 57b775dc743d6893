using Invoicing.Sales;

namespace Invoicing.Gateway.Journal;

/// <summary>Names one life of a register's journal.</summary>
internal readonly record struct LineKey(RegisterId Register, ulong Epoch)
{
    public static LineKey Of(in SaleKey key) => new(key.Register, key.Epoch);

    public override string ToString() => $"{Register}/{Epoch:x16}";
}

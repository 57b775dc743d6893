namespace Invoicing.Registers.Datecs;

/// <summary>What a register that asks for goods by code is answered.</summary>
/// <param name="Name">Name; what the register's code page lacks is written without accents. At most 40 characters are sent.</param>
/// <param name="Tax">Tax group as the register numbers them, 1 to 9.</param>
/// <param name="Price">Price of one unit in whole đồng.</param>
public sealed record DatecsGoods(string Name, int Tax, long Price);

using System.Globalization;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>A lease that the kit granted. TLK/1 §3.9.</summary>
/// <param name="Id">Its id, which rises.</param>
/// <param name="FirstCode">First of its codes.</param>
/// <param name="FirstNumber">First of its numbers.</param>
/// <param name="Until">When it ends.</param>
/// <param name="Kind">First digit of its codes; 1 is not said.</param>
internal sealed record GrantedLease(ulong Id, ulong FirstCode, uint FirstNumber, DateTimeOffset Until, byte Kind = 1)
{
    internal const string Block = "KITAA";
    internal const string Series = "C26MKT";
    internal const byte Year = 26;
    internal const uint Count = 50;

    /// <summary>The code that goes with the n-th number, counted from 0.</summary>
    internal string Code(uint index) => string.Create(CultureInfo.InvariantCulture, $"M{Kind}-{Year:D2}-{Block}-{FirstCode + index:D11}");
}

using Invoicing.Registers.Datecs;
using Invoicing.Registers.Datecs.Layouts;

namespace Invoicing.Registers.Tests.Datecs;

/// <summary>Printed documents, line by line.</summary>
public sealed class LayoutReaderTests
{
    [Theory]
    [InlineData("Tuong ot Cholimex 270 g")]
    [InlineData("Discount 20 A")]
    [InlineData("TOTAL 500")]
    [InlineData("3 x 100")]
    public void A_name_above_its_amount_is_a_name_whatever_it_looks_like(string name)
    {
        LayoutReader reader = new(DatecsLayout.BuiltIn, 0, TimeSpan.FromHours(7));
        PrintedDocument read = reader.Read(
            ["Sua tuoi", "  1.000 x 38500.00     38500.00 А", name, "  2.000 x 15000.00     30000.00 Б", "ОБЩА СУМА 68500.00", "ФИСКАЛЕН БОН"]);
        Assert.Null(read.Fault);
        Assert.Equal(["Sua tuoi", name], read.Lines.Select(line => line.Name));
        Assert.Equal([38500L, 30000L], read.Lines.Select(line => line.Amount.Dong));
        Assert.Equal(68500L, read.Total?.Dong);
    }
}

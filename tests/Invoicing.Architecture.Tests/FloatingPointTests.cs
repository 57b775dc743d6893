namespace Invoicing.Architecture.Tests;

public sealed class FloatingPointTests
{
    /// <summary>Amounts, quantities and times are exact (design.md 5.11): no field, signature, local, constant, conversion or call is floating point.</summary>
    [Fact]
    public void The_domain_does_not_calculate_in_floating_point()
    {
        using AssemblyUses assembly = new(Product.Named("Invoicing").AssemblyPath);

        Assert.Empty(assembly.FloatingPoint());
    }
}

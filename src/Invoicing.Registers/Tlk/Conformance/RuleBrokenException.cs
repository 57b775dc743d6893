#pragma warning disable CA1032, CA1064 // Thrown and caught inside this folder only, always with what it carries.
namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>A rule was broken: ends the case.</summary>
internal sealed class RuleBrokenException(string expected, string came, string? rule = null) : Exception($"expected {expected}, came {came}")
{
    /// <summary>What the rule demands.</summary>
    internal string Expected { get; } = expected;

    /// <summary>What came instead.</summary>
    internal string Came { get; } = came;

    /// <summary>The rule, where it is another than the case's.</summary>
    internal string? Rule { get; } = rule;
}

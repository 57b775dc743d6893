using System.Text.RegularExpressions;
using Invoicing.Testing;

namespace Invoicing.Architecture.Tests;

/// <summary>Rules stand in signed entries and in people's hands: each has its line in the README, with what it wants and where that comes from.</summary>
public sealed partial class RuleIdTests
{
    [Fact]
    public void The_readme_lists_every_rule_that_a_sale_or_a_message_can_break()
    {
        string readme = File.ReadAllText(RepositoryFolder.File("README.md"));
        string[] ids =
        [
            .. Directory.EnumerateFiles(RepositoryFolder.File("src"), "*.cs", SearchOption.AllDirectories)
                .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                .SelectMany(file => RuleId().Matches(File.ReadAllText(file)).Select(match => match.Groups["id"].Value))
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];

        Assert.True(ids.Length > 40, $"expected the rules of the product, found {ids.Length}");
        Assert.Equal([], ids.Where(id => !readme.Contains($"| {id} |", StringComparison.Ordinal)));
    }

    [GeneratedRegex(
        "const string \\w+ = \"(?<id>(VN|VNX|GW)-[A-Z0-9-]+)\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex RuleId();
}

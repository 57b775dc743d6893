using System.Text.RegularExpressions;
using Invoicing.Testing;

namespace Invoicing.Architecture.Tests;

/// <summary>A threat model says what is met and which test shows it: the table is held to the tests that are there.</summary>
public sealed partial class ThreatModelTests
{
    private static readonly string[] Kinds = ["S", "T", "R", "I", "D", "E"];

    private static IReadOnlyList<string[]> Rows { get; } =
        [.. File.ReadAllLines(RepositoryFolder.File("src", "THREATS.md")).Where(line => Row().IsMatch(line))
            .Select(line => line.Trim('|', ' ').Split('|').Select(cell => cell.Trim()).ToArray())];

    [Fact]
    public void Every_row_names_a_test_that_is_there()
    {
        ILookup<string, string> tests = RepositoryText.Files().Where(path => path.StartsWith("tests/", StringComparison.Ordinal) && path.EndsWith("Tests.cs", StringComparison.Ordinal))
            .ToLookup(path => Path.GetFileNameWithoutExtension(path), path => RepositoryText.Read(path) ?? string.Empty, StringComparer.Ordinal);
        Assert.All(Rows, row =>
        {
            string[] test = row[^1].Split('.');
            Assert.True(test.Length == 2, $"{row[0]}: expected Class.Method, found '{row[^1]}'");
            Assert.True(
                tests[test[0]].Any(text => Regex.IsMatch(
                    text, $@"public (async )?(Task|void) {Regex.Escape(test[1])}\(", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)),
                $"{row[0]}: expected a test {row[^1]}, found none");
        });
    }

    [Fact]
    public void Every_row_says_who_does_what_of_which_kind_and_how_it_is_met() => Assert.All(Rows, row =>
    {
        Assert.True(row.Length == 5, $"{row[0]}: expected five cells, found {row.Length}");
        Assert.Contains(row[1], Kinds);
        Assert.All(row, Assert.NotEmpty);
    });

    [Fact]
    public void Every_kind_and_every_place_is_thought_of()
    {
        Assert.Equal(Kinds.Order(StringComparer.Ordinal), Rows.Select(row => row[1]).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(Rows.Count, Rows.Select(row => row[0]).Distinct().Count());
        Assert.InRange(Rows.Count, 60, 500);
    }

    [GeneratedRegex(@"^\| [A-Z]-\d+ \|", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Row();
}

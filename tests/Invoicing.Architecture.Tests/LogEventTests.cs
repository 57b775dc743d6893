using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Invoicing.Testing;
using Microsoft.Extensions.Logging;

namespace Invoicing.Architecture.Tests;

public sealed partial class LogEventTests
{
    private static readonly IReadOnlyList<(int Id, string Where)> Events =
    [
        .. from product in Product.Built
           from type in product.Load().GetTypes()
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
           let attribute = method.GetCustomAttribute<LoggerMessageAttribute>()
           where attribute is not null
           orderby attribute.EventId
           select (attribute.EventId, $"{type.FullName}.{method.Name}"),
    ];

    [Fact]
    public void No_event_id_is_used_twice_over_the_whole_solution() =>
        Assert.All(Events.GroupBy(e => e.Id), same => Assert.True(
            same.Count() == 1, $"expected one use of event {same.Key}, found {string.Join(", ", same.Select(e => e.Where))}"));

    [Fact]
    public void Every_event_has_an_id() => Assert.All(Events, e => Assert.True(e.Id > 0, $"expected an id, found {e.Id} at {e.Where}"));

    /// <summary>Rows of README.md's table start with the id: <c>| 1000 | ...</c>, one row for each event.</summary>
    [Fact]
    public void The_readme_names_every_event_id_and_no_other()
    {
        string readme = RepositoryFolder.File("README.md");
        int[] named = !File.Exists(readme) ? [] :
            [.. EventRow().Matches(File.ReadAllText(readme)).Select(row => int.Parse(row.Groups["id"].Value, CultureInfo.InvariantCulture))];

        Assert.Equal(Events.Select(e => e.Id).Order(), named.Order());
    }

    [GeneratedRegex(@"^\|\s*(?<id>\d{4})\s*\|", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex EventRow();
}

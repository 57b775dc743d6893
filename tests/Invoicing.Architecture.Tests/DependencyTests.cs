using System.Text.Json;

namespace Invoicing.Architecture.Tests;

/// <summary>What other people's code is shipped: each package and version, also those that packages bring along, stands in a listing under review.</summary>
public sealed class DependencyTests
{
    [Fact]
    public void Every_package_that_is_shipped_is_under_review()
    {
        string[] shipped = [.. Product.Built.SelectMany(PackagesOf).Distinct().Order(StringComparer.Ordinal)];
        Assert.NotEmpty(shipped);
        if (!Product.IsFullFeed) // the listing is that of the feed which this is built on
        {
            FrozenText.Check("dependencies", shipped);
        }
    }

    /// <summary>As NuGet resolved them: <c>project.assets.json</c>, "libraries".</summary>
    private static IEnumerable<string> PackagesOf(Product product)
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(Path.Combine(product.Folder, "obj", "project.assets.json")));
        return [.. assets.RootElement.GetProperty("libraries").EnumerateObject()
            .Where(library => library.Value.GetProperty("type").GetString() == "package").Select(library => library.Name)];
    }
}

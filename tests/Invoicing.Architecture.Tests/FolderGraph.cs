namespace Invoicing.Architecture.Tests;

/// <summary>Uses between folders, and the way round if there is a circle.</summary>
internal static class FolderGraph
{
    /// <summary>Root types are nodes of their own, written <c>:Name</c>; a type outside the project's namespaces is none.</summary>
    public static string? NodeOf(string type, string rootNamespace)
    {
        string name = type.Split('`')[0];
        if (name.Contains('<') || !name.StartsWith(rootNamespace + ".", StringComparison.Ordinal))
        {
            return null;
        }

        string[] parts = name[(rootNamespace.Length + 1)..].Split('.');
        return parts.Length == 1 ? ":" + parts[0] : parts[0];
    }

    public static HashSet<(string From, string To)> Between(IEnumerable<(string From, string To)> uses, string rootNamespace) =>
    [
        .. uses.Select(use => (From: NodeOf(use.From, rootNamespace), To: NodeOf(use.To, rootNamespace)))
            .Where(use => use.From is not null && use.To is not null && use.From != use.To)
            .Select(use => (use.From!, use.To!)),
    ];

    /// <summary>
    /// The shortest way from some folder back to itself, or nothing. Types of the root folder may know each other both ways, as types of any
    /// folder may; a way through a folder and back is a circle.
    /// </summary>
    public static IReadOnlyList<string> Circle(IReadOnlyCollection<(string From, string To)> uses) => uses.Select(use => use.From)
        .Where(node => !node.StartsWith(':')).Distinct().Order(StringComparer.Ordinal)
        .Select(folder => WayBack(folder, uses)).Where(way => way.Count > 0)
        .MinBy(way => way.Count) ?? [];

    private static List<string> WayBack(string folder, IReadOnlyCollection<(string From, string To)> uses)
    {
        Queue<List<string>> ways = new([[folder]]);
        HashSet<string> seen = [];
        while (ways.TryDequeue(out List<string>? way))
        {
            foreach ((string _, string to) in uses.Where(use => use.From == way[^1]))
            {
                if (to == folder)
                {
                    return [.. way, to];
                }

                if (seen.Add(to))
                {
                    ways.Enqueue([.. way, to]);
                }
            }
        }

        return [];
    }
}

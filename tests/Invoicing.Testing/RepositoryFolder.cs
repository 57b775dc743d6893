namespace Invoicing.Testing;

/// <summary>Where the solution lies, found upwards from the test's own file: vectors, protos and programs are read in place.</summary>
public static class RepositoryFolder
{
    public static string Path { get; } = Find();

    public static string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(System.IO.Path.Combine(folder.FullName, "Invoice.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"expected Invoice.sln above {AppContext.BaseDirectory}, found none");
    }
}

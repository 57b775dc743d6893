using System.CommandLine;
using Invoicing.Authority.Enrolment;
using Invoicing.Chain;

namespace Invoicing.Authority.Commands;

/// <summary>The file in which a client's bundle is handed over.</summary>
internal static class BundleFile
{
    /// <summary>The option that names it.</summary>
    public static Option<string> OutOption() =>
        new("--out") { Description = "file for the bundle; it holds the client's private key and is made once", Required = true };

    /// <summary>Refuses a file that is there, before anything is done.</summary>
    /// <exception cref="InvoicingException">The file is there.</exception>
    public static string RequireNew(string path) =>
        File.Exists(path) ? throw new InvoicingException($"--out: expected a file that is not there yet, found {path}") : path;

    /// <summary>Writes it.</summary>
    public static void Write(string path, ClientBundle bundle) => DurableFile.Write(path, bundle.ToJson());
}

using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Invoicing.NationalXml.Messages;
using Invoicing.Testing;

namespace Invoicing.NationalXml.Tests;

/// <summary>xmlsec1 and xmllint: what others find in our files. Nothing is skipped where they are missing, it fails.</summary>
public static class PeerTools
{
    /// <summary>Verifies by xmlsec1: keys only from X.509 data, trust only in the given certificate, references only into the same file.</summary>
    /// <returns>Whether it says that the signature is good, and all that it says.</returns>
    public static (bool IsGood, string Said) XmlSec(string path, string trustedPem)
    {
        (int code, string said) = Run(
            "xmlsec1", "--verify", "--enabled-key-data", "x509", "--enabled-reference-uris", "same-doc",
            "--id-attr:Id", "DLieu", "--id-attr:Id", "DLTBao", "--id-attr:Id", "http://www.w3.org/2000/09/xmldsig#:Object",
            "--trusted-pem", trustedPem, path);
        return (code == 0, said);
    }

    /// <summary>Judges by xmllint and a profile's schema, as it lies in the source.</summary>
    public static (bool IsValid, string Said) XmlLint(string version, params string[] paths)
    {
        string schema = RepositoryFolder.File("src", "Invoicing.NationalXml", "Profiles", $"national-{version}.xsd");
        (int code, string said) = Run("xmllint", ["--noout", "--nonet", "--schema", schema, .. paths]);
        return (code == 0, said);
    }

    public static string SaveTrusted(TempFolder folder, X509Certificate2 root)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(root);
        string path = folder.File("trusted.pem");
        File.WriteAllText(path, root.ExportCertificatePem());
        return path;
    }

    public static string Save(TempFolder folder, SignedMessage message)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(message);
        string path = folder.File($"{message.Id}.xml");
        File.WriteAllBytes(path, message.Bytes.ToArray());
        return path;
    }

    private static (int Code, string Said) Run(string file, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error + output.Result);
    }
}

namespace Invoicing.Authority;

/// <summary>Where an authority keeps what: one folder, whose private keys nobody but its owner may read.</summary>
/// <param name="Path">The folder.</param>
internal sealed record AuthorityFolder(string Path)
{
    /// <summary>The ledger's database.</summary>
    public string Ledger => System.IO.Path.Combine(Path, "ledger.db");

    /// <summary>The registry's database: clients, certificates, ranges, administrative acts.</summary>
    public string Registry => System.IO.Path.Combine(Path, "registry.db");

    /// <summary>Socket on which a running server takes commands.</summary>
    public string ControlSocket => System.IO.Path.Combine(Path, "control.sock");

    /// <summary>Certificate (PEM) of the root, which all trust.</summary>
    public string RootCertificate => System.IO.Path.Combine(Path, "ca", "root.crt");

    /// <summary>Where the root's key is made unless said otherwise: a folder to be taken away, because only another issuing certificate needs it.</summary>
    public string Offline => System.IO.Path.Combine(Path, "ca", "offline");

    /// <summary>The root's key (PEM, PKCS#8) in <see cref="Offline"/>.</summary>
    public string RootKey => RootKeyIn(Offline);

    /// <summary>Certificate (PEM) that issues servers' and clients' certificates; issued by the root.</summary>
    public string IssuingCertificate => System.IO.Path.Combine(Path, "ca", "issuing.crt");

    /// <summary>Issuing certificates of before (PEM, one behind the other): what they issued is good until its end.</summary>
    public string FormerIssuingCertificates => System.IO.Path.Combine(Path, "ca", "issuing.former.crt");

    /// <summary>Key of the issuing certificate (PEM, PKCS#8), unless <see cref="KeyLocations"/> says another place.</summary>
    public string IssuingKey => System.IO.Path.Combine(Path, "ca", "issuing.key");

    /// <summary>Where keys are that are not in their files (JSON).</summary>
    public string KeyLocations => System.IO.Path.Combine(Path, "ca", "keys.json");

    /// <summary>Certificate (PEM) of the server.</summary>
    public string ServerCertificate => System.IO.Path.Combine(Path, "ca", "server.crt");

    /// <summary>Its key (PEM, PKCS#8).</summary>
    public string ServerKey => System.IO.Path.Combine(Path, "ca", "server.key");

    /// <summary>Key that signs watermarks, verdicts, grants and acts (PEM, PKCS#8).</summary>
    public string WatermarkKey => System.IO.Path.Combine(Path, "ca", "watermark.key");

    /// <summary>The root's key in a folder.</summary>
    /// <param name="folder">The folder, such as one on a stick that lies in a safe.</param>
    public static string RootKeyIn(string folder) => System.IO.Path.Combine(folder, "root.key");
}

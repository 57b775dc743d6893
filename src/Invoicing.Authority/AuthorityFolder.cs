namespace Invoicing.Authority;

/// <summary>Where an authority keeps what: one folder, whose private keys nobody but its owner may read.</summary>
/// <param name="Path">The folder.</param>
internal sealed record AuthorityFolder(string Path)
{
    /// <summary>The ledger's database.</summary>
    public string Ledger => System.IO.Path.Combine(Path, "ledger.db");

    /// <summary>Certificate (PEM) of the root that issues all others.</summary>
    public string RootCertificate => System.IO.Path.Combine(Path, "ca", "root.crt");

    /// <summary>Its key (PEM, PKCS#8).</summary>
    public string RootKey => System.IO.Path.Combine(Path, "ca", "root.key");

    /// <summary>Certificate (PEM) of the server.</summary>
    public string ServerCertificate => System.IO.Path.Combine(Path, "ca", "server.crt");

    /// <summary>Its key (PEM, PKCS#8).</summary>
    public string ServerKey => System.IO.Path.Combine(Path, "ca", "server.key");

    /// <summary>Key that signs watermarks and verdicts (PEM, PKCS#8).</summary>
    public string WatermarkKey => System.IO.Path.Combine(Path, "ca", "watermark.key");

    /// <summary>One file per device, named by the hash of its certificate.</summary>
    public string Devices => System.IO.Path.Combine(Path, "devices");

    /// <summary>One file per follower, named by the hash of its certificate.</summary>
    public string Followers => System.IO.Path.Combine(Path, "followers");

    /// <summary>Every range ever granted, one line each; only ever appended to.</summary>
    public string Grants => System.IO.Path.Combine(Path, "grants.log");
}

namespace Invoicing.Chain;

/// <summary>What an attachment holds. The numbers are those of <c>entry.proto</c>, AttachmentKind.</summary>
public enum AttachmentContentKind
{
    /// <summary>The register's record as it came.</summary>
    Record = 1,

    /// <summary>Buyer data.</summary>
    Buyer = 2,

    /// <summary>Raw capture of a printer job.</summary>
    Capture = 3,
}

namespace FirmwareSim.Datecs;

/// <summary>The two frames of the family.</summary>
internal enum IslDialect
{
    /// <summary>LEN and CMD of one byte, six status bytes.</summary>
    Legacy,

    /// <summary>LEN and CMD of four bytes, eight status bytes, fields that end with TAB.</summary>
    X,
}

namespace Invoicing.Registers.Datecs.Isl;

/// <summary>The two ways in which the family writes its frames.</summary>
internal enum IslDialect
{
    /// <summary>LEN, SEQ and CMD in one byte each, 6 status bytes.</summary>
    Legacy,

    /// <summary>LEN and CMD in four digits of 30h to 3Fh, 8 status bytes, fields that end with TAB.</summary>
    X,
}

namespace Invoicing.Registers.Tlk.Framing;

/// <summary>Flags of a frame. TLK/1 §1.1.</summary>
[Flags]
internal enum TlkFlags : byte
{
    None = 0,

    /// <summary>More fragments of this record follow.</summary>
    More = 1,

    /// <summary>A receiver that does not know the type says so.</summary>
    MustUnderstand = 2,

    /// <summary>The payload ends with a tag of 16 bytes.</summary>
    Sealed = 4,
}

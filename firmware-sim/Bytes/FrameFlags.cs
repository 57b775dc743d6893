namespace FirmwareSim.Bytes;

/// <summary>Flag bits of a frame, TLK/1 §1.1.</summary>
[Flags]
internal enum FrameFlags : byte
{
    None = 0,
    More = 1,
    MustUnderstand = 2,
    Sealed = 4,
}

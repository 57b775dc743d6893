namespace FirmwareSim.Bytes;

/// <summary>One TLV: its tag and where its value lies.</summary>
internal readonly record struct Tlv(byte Tag, int Start, int Length);

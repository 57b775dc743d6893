namespace Invoicing.Chain;

/// <summary>What stands before each kind of bytes when they are hashed or signed, so that no signature serves two purposes.</summary>
/// <remarks>Source: <c>entry.proto</c>, <c>statement.proto</c> and <c>possession.proto</c>.</remarks>
internal static class SignedPrefix
{
    public static ReadOnlySpan<byte> Entry => "invoicing/entry/1\0"u8;

    public static ReadOnlySpan<byte> Enrolment => "invoicing/enrolment/1\0"u8;

    public static ReadOnlySpan<byte> KeyChange => "invoicing/key-change/1\0"u8;

    public static ReadOnlySpan<byte> Watermark => "invoicing/watermark/1\0"u8;

    public static ReadOnlySpan<byte> WatermarkLeaf => "invoicing/watermark-leaf/1\0"u8;

    public static ReadOnlySpan<byte> Verdict => "invoicing/verdict/1\0"u8;

    public static ReadOnlySpan<byte> Possession => "invoicing/possession/1\0"u8;

    public static ReadOnlySpan<byte> RangeGrant => "invoicing/range-grant/1\0"u8;
}

namespace FirmwareSim.Bytes;

/// <summary>Limits of TLK/1 that messages are checked against, §3 and §10.</summary>
internal static class Limits
{
    public const int LeastMaxBody = 512;
    public const int MostMaxBody = 4096;
    public const byte LeastWindow = 1;
    public const byte MostWindow = 16;
    public const uint LeastBusyMs = 100;
    public const uint MostBusyMs = 60_000;
    public const int NonceLength = 16;
    public const int Serial = 32;
    public const int LeaseBlock = 5;
    public const int Series = 6;
    public const ulong MostCode = 99_999_999_999;
    public const uint MostNumber = 99_999_999;

    /// <summary>Longest record: with all that an entry adds it stays under the 32 KiB of an entry.</summary>
    public const int MostRecord = 24_576;
}

namespace FirmwareSim.Messages;

/// <summary>Message tags, TLK/1 §3: one list for all messages. STATUS, LEASE and TIMED share 30..39 with other meanings.</summary>
internal static class Tag
{
    public const byte Epoch = 0x01;
    public const byte Seq = 0x02;
    public const byte Serial = 0x03;
    public const byte Model = 0x04;
    public const byte Firmware = 0x05;
    public const byte Boot = 0x06;
    public const byte Oldest = 0x07;
    public const byte Newest = 0x08;
    public const byte Acked = 0x09;
    public const byte Clock = 0x0A;
    public const byte Confidence = 0x0B;
    public const byte MaxBody = 0x0C;
    public const byte Caps = 0x0D;
    public const byte Nonce = 0x0E;
    public const byte Gateway = 0x0F;
    public const byte Durable = 0x10;
    public const byte Window = 0x11;
    public const byte PeerNonce = 0x12;
    public const byte Reason = 0x13;
    public const byte Text = 0x14;
    public const byte Wait = 0x15;
    public const byte Expected = 0x16;
    public const byte LowestVersion = 0x17;
    public const byte HighestVersion = 0x18;
    public const byte From = 0x19;
    public const byte To = 0x1A;
    public const byte Counter = 0x1B;
    public const byte Fragment = 0x1C;
    public const byte RecordLength = 0x1D;
    public const byte Record = 0x1E;
    public const byte Recovered = 0x1F;
    public const byte Result = 0x20;
    public const byte Present = 0x21;
    public const byte About = 0x22;

    public const byte Lease = 0x30;
    public const byte LeaseBlock = 0x31;
    public const byte LeaseYear = 0x32;
    public const byte LeaseFirstCode = 0x33;
    public const byte LeaseLastCode = 0x34;
    public const byte LeaseSeries = 0x35;
    public const byte LeaseFirstNumber = 0x36;
    public const byte LeaseLastNumber = 0x37;
    public const byte LeaseUntil = 0x38;

    public const byte TimeBefore = 0x39;
    public const byte LeaseKind = 0x3A;

    public const byte StatusUsed = 0x30;
    public const byte StatusUnacknowledged = 0x31;
    public const byte StatusPaper = 0x32;
    public const byte StatusFaults = 0x33;
}

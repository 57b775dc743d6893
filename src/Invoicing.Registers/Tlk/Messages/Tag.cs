namespace Invoicing.Registers.Tlk.Messages;

/// <summary>Tags of messages. TLK/1 §3.</summary>
internal static class Tag
{
    internal const byte Epoch = 0x01;
    internal const byte Seq = 0x02;
    internal const byte Serial = 0x03;
    internal const byte Model = 0x04;
    internal const byte Firmware = 0x05;
    internal const byte Boot = 0x06;
    internal const byte Oldest = 0x07;
    internal const byte Newest = 0x08;
    internal const byte Acked = 0x09;
    internal const byte Clock = 0x0A;
    internal const byte Confidence = 0x0B;
    internal const byte MaxBody = 0x0C;
    internal const byte Caps = 0x0D;
    internal const byte Nonce = 0x0E;
    internal const byte Gateway = 0x0F;
    internal const byte Durable = 0x10;
    internal const byte Window = 0x11;
    internal const byte PeerNonce = 0x12;
    internal const byte Reason = 0x13;
    internal const byte Text = 0x14;
    internal const byte Wait = 0x15;
    internal const byte Expected = 0x16;
    internal const byte LowestVersion = 0x17;
    internal const byte HighestVersion = 0x18;
    internal const byte From = 0x19;
    internal const byte To = 0x1A;
    internal const byte Counter = 0x1B;
    internal const byte Fragment = 0x1C;
    internal const byte RecordLength = 0x1D;
    internal const byte Record = 0x1E;
    internal const byte Recovered = 0x1F;
    internal const byte Result = 0x20;
    internal const byte Present = 0x21;
    internal const byte About = 0x22;
    internal const byte Lease = 0x30;
    internal const byte LeaseBlock = 0x31;
    internal const byte LeaseYear = 0x32;
    internal const byte LeaseFirstCode = 0x33;
    internal const byte LeaseLastCode = 0x34;
    internal const byte LeaseSeries = 0x35;
    internal const byte LeaseFirstNumber = 0x36;
    internal const byte LeaseLastNumber = 0x37;
    internal const byte LeaseUntil = 0x38;
    internal const byte TimeBefore = 0x39;
    internal const byte LeaseKind = 0x3A;
    internal const byte JournalUsed = 0x30;
    internal const byte Unacknowledged = 0x31;
    internal const byte Paper = 0x32;
    internal const byte Faults = 0x33;

    /// <summary>Most bytes of <see cref="Text"/>.</summary>
    internal const int TextLength = 200;

    /// <summary>Bytes of both nonces.</summary>
    internal const int NonceLength = 16;

    /// <summary>A clock compared within a day: the highest confidence there is. What is above it says nothing, so it counts as never set.</summary>
    internal static byte ConfidenceOf(byte said) => said <= 2 ? said : (byte)0;
}

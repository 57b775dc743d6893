namespace FirmwareSim.Bytes;

/// <summary>Message types, TLK/1 §3. The top bit is the direction: set means "from the gateway".</summary>
internal enum FrameType : byte
{
    Hello = 0x01,
    Rec = 0x02,
    Ping = 0x03,
    Status = 0x04,
    Have = 0x05,
    Pong = 0x06,
    Leased = 0x07,
    Timed = 0x08,
    Error = 0x7F,
    Welcome = 0x81,
    Ack = 0x82,
    Nak = 0x83,
    Busy = 0x84,
    Get = 0x85,
    GatewayPong = 0x86,
    Lease = 0x87,
    Time = 0x88,
    GatewayPing = 0x89,
    Ask = 0x8A,
    GatewayError = 0xFF,
}

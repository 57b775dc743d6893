namespace Invoicing.Registers.Tlk.Framing;

/// <summary>What a line counts: why a run of bytes or a message was thrown away. TLK/1 §1.3 and §7.</summary>
public enum TlkCounter
{
    /// <summary>More bytes between two 00 than the largest body can have.</summary>
    Oversize,

    /// <summary>COBS code byte past the end.</summary>
    Cobs,

    /// <summary>Shorter than a frame without payload.</summary>
    TooShort,

    /// <summary>The length field is not the length.</summary>
    Length,

    /// <summary>Wrong CRC.</summary>
    Crc,

    /// <summary>Another protocol version.</summary>
    Version,

    /// <summary>Reserved flags set.</summary>
    Flags,

    /// <summary>A type of our own side: an echo.</summary>
    Direction,

    /// <summary>Unknown type.</summary>
    Type,

    /// <summary>Sealed, which this session is not.</summary>
    Seal,

    /// <summary>Payload not as the message demands.</summary>
    Payload,

    /// <summary>Without a session, or of another epoch.</summary>
    Session,

    /// <summary>A fragment that does not go on with the record being put together.</summary>
    Fragment,

    /// <summary>A record beyond the expected one.</summary>
    Gap,

    /// <summary>A reply to nothing that is open.</summary>
    Late,
}

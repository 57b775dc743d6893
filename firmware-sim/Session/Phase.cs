namespace FirmwareSim.Session;

/// <summary>States of the register's session, TLK/1 §11.</summary>
internal enum Phase
{
    Down,
    Greeting,
    Sending,
    Recovering,
    Stopped,
}

namespace Invoicing.Registers.Lines;

/// <summary>How the other end of a TCP connection is, as far as the system can see.</summary>
internal enum TcpHealth
{
    /// <summary>Nothing speaks against it.</summary>
    Alive,

    /// <summary>It said that it ends; what it had sent may still lie in the system's buffers.</summary>
    Ended,

    /// <summary>It answers nothing.</summary>
    Silent,
}

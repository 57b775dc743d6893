using FirmwareSim.Bytes;

namespace FirmwareSim.Session;

/// <summary>What can happen to a session: a closed family.</summary>
internal abstract record SessionInput
{
    private SessionInput()
    {
    }

    /// <summary>The other side is there.</summary>
    internal sealed record LineUp : SessionInput;

    /// <summary>The other side is gone.</summary>
    internal sealed record LineDown : SessionInput;

    /// <summary>A frame whose first eight checks passed.</summary>
    internal sealed record Received(Frame Frame) : SessionInput;

    /// <summary>HELLO's last byte is on the line.</summary>
    internal sealed record HelloHanded : SessionInput;

    /// <summary>A record's last byte is on the line.</summary>
    internal sealed record RecordHanded(ulong Seq) : SessionInput;

    /// <summary>A lease is on the disk; no record after <paramref name="Newest"/> bears an older one.</summary>
    internal sealed record LeaseStored(Frame Request, ulong Id, ulong Newest) : SessionInput;

    /// <summary>Time passed, a record was rung up or results were stored: do what is due.</summary>
    internal sealed record Wake : SessionInput;
}

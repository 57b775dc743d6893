namespace Invoicing.Registers.Datecs.Isl;

/// <summary>Why a request had no reply.</summary>
internal enum IslFailure
{
    /// <summary>It had one.</summary>
    None,

    /// <summary>Nothing came.</summary>
    Silent,

    /// <summary>The register said each time that it did not understand (NAK).</summary>
    Refused,

    /// <summary>The register sent back what it was sent.</summary>
    Echoed,

    /// <summary>The register said that it is at work, for longer than any reading takes.</summary>
    Busy,

    /// <summary>Bytes came that are no frame: another speed, another protocol, noise.</summary>
    Damaged,
}

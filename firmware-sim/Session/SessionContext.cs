using FirmwareSim.Journal;

namespace FirmwareSim.Session;

/// <summary>What a step may look at besides state and input.</summary>
/// <param name="Now">Milliseconds of a clock that never steps.</param>
/// <param name="Clock">The register's clock, for HELLO and STATUS.</param>
/// <param name="FreshNonce">16 random bytes that no earlier step was given.</param>
/// <param name="Serial">The register's serial.</param>
/// <param name="MaxBody">The largest body that this register takes.</param>
/// <param name="Shelf">The journal, read only.</param>
internal sealed record SessionContext(
    long Now, DateTimeOffset Clock, byte[] FreshNonce, string Serial, ushort MaxBody, IRecordShelf Shelf);

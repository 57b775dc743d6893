namespace FirmwareSim.Datecs;

/// <summary>What came from the host: a request, or something that is none.</summary>
/// <param name="Raw">The bytes as they came.</param>
/// <param name="IsGood">Whether form and check are right; if not, the rest says nothing.</param>
/// <param name="Sequence">SEQ.</param>
/// <param name="Command">CMD.</param>
/// <param name="Data">DATA without escapes.</param>
internal sealed record IslRequest(byte[] Raw, bool IsGood, byte Sequence, int Command, byte[] Data)
{
    public static IslRequest Bad(byte[] raw) => new(raw, IsGood: false, 0, 0, []);
}

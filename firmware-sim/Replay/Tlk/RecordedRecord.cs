namespace FirmwareSim.Replay.Tlk;

/// <summary>A record that a recording has whole.</summary>
/// <param name="Epoch">The journal.</param>
/// <param name="Seq">Its sequence.</param>
/// <param name="Bytes">The record.</param>
/// <param name="Recovered">The result that the register held for it; null if it did not go out because of GET.</param>
internal sealed record RecordedRecord(ulong Epoch, ulong Seq, byte[] Bytes, byte[]? Recovered)
{
    public TlkSubject Subject => TlkSubject.OfRecord(Epoch, Seq);
}

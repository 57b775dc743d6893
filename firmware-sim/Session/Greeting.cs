namespace FirmwareSim.Session;

/// <summary>The open HELLO: repeated byte for byte until it is answered.</summary>
/// <param name="Txn">Its number.</param>
/// <param name="Nonce">What WELCOME must repeat.</param>
/// <param name="Wire">Its bytes.</param>
/// <param name="HandedAt">When it was last handed to the line; null while it is being written.</param>
/// <param name="Interval">Time from there to the next repetition.</param>
/// <param name="NotBefore">BUSY asked to wait until then.</param>
internal sealed record Greeting(byte Txn, byte[] Nonce, byte[] Wire, long? HandedAt, long Interval, long NotBefore)
{
    public long? Due => HandedAt is long handed ? Math.Max(handed + Interval, NotBefore) : null;
}

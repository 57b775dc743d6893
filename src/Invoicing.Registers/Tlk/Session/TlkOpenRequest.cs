using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tlk.Session;

/// <summary>A request that is not answered yet: repeated as it is, a few times, then given up until the next is due.</summary>
/// <param name="Frame">The request.</param>
/// <param name="SentAt">When it was sent last, in milliseconds.</param>
/// <param name="Pause">When to repeat it after that.</param>
/// <param name="Sent">How often it was sent.</param>
internal sealed record TlkOpenRequest(TlkFrame Frame, long SentAt, long Pause, int Sent)
{
    internal long Due => SentAt + Pause;
}

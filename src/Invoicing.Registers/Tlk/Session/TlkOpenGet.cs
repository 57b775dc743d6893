using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tlk.Session;

/// <summary>A GET that HAVE has not answered yet.</summary>
/// <param name="Frame">The request, repeated as it is.</param>
/// <param name="From">First sequence asked for.</param>
/// <param name="To">Last.</param>
/// <param name="SentAt">When it was sent last, in milliseconds.</param>
/// <param name="Pause">When to repeat it after that.</param>
internal sealed record TlkOpenGet(TlkFrame Frame, ulong From, ulong To, long SentAt, long Pause);

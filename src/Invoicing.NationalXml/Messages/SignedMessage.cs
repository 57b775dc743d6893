using System.Collections.Immutable;

namespace Invoicing.NationalXml.Messages;

/// <summary>A message, signed and ready to be sent as it is.</summary>
/// <param name="Id">MTDiep.</param>
/// <param name="Type">MLTDiep: 206, 300 or 303.</param>
/// <param name="Version">Format version (PBan).</param>
/// <param name="Bytes">UTF-8, at most 2 MB.</param>
/// <param name="Parts">The invoices that it bears, in their order; of a notice the one that it is about.</param>
public sealed record SignedMessage(string Id, string Type, string Version, ReadOnlyMemory<byte> Bytes, ImmutableArray<MessagePart> Parts);

using FirmwareSim.Tills;

namespace FirmwareSim.EscPos;

/// <summary>One job on its way to the printer.</summary>
/// <param name="Kind">What is printed: the document itself or something about it.</param>
/// <param name="Bytes">All of it.</param>
internal sealed record PrintJob(ReceiptClass Kind, byte[] Bytes);

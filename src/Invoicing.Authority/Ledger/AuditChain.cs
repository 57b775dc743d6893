namespace Invoicing.Authority.Ledger;

/// <summary>A chain as stored.</summary>
/// <param name="Chain">Its name.</param>
/// <param name="Enrolment">The grant that it rests on, as stored.</param>
/// <param name="Seller">Seller column.</param>
/// <param name="Device">Device column.</param>
/// <param name="Position">Head.</param>
/// <param name="LastIndex">Ledger index of the head.</param>
/// <param name="PublicKey">Key in force.</param>
/// <param name="IsRetired">Whether it was retired.</param>
internal sealed record AuditChain(
    Chain.ChainId Chain, ReadOnlyMemory<byte> Enrolment, string Seller, string Device, long Position, long LastIndex, ReadOnlyMemory<byte> PublicKey,
    bool IsRetired);

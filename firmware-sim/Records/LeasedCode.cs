namespace FirmwareSim.Records;

/// <summary>What a receipt bears that was printed from a lease.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Code">23 characters.</param>
/// <param name="Series">Six characters.</param>
/// <param name="Number">Its number.</param>
internal sealed record LeasedCode(ulong Lease, string Code, string Series, uint Number);

using Invoicing.Hashing;
using Invoicing.Sales;

namespace Invoicing.Chain;

/// <summary>The register's record that an entry rests on.</summary>
/// <param name="Key">Register, epoch, sequence: unique for ever among the entries of a seller.</param>
/// <param name="Hash">SHA-256 of the record as the register wrote it.</param>
/// <param name="IsRecovered">Whether another gateway had answered it before, so that code and number are that answer's.</param>
public readonly record struct RegisterRecordKey(SaleKey Key, Sha256Hash Hash, bool IsRecovered);

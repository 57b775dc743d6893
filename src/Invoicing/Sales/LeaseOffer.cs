namespace Invoicing.Sales;

/// <summary>Codes and numbers that a register may print while its line is down, as they go over its line. Entered in the chain before.</summary>
/// <remarks>
/// The n-th receipt bears the n-th code with the n-th number, none left out. There are as many codes as numbers.
/// </remarks>
/// <param name="Lease">Its id, at least 1; rises with each lease of a register.</param>
/// <param name="Kind">Kind of invoice, the digit behind the code's M.</param>
/// <param name="Block">The authority's five characters.</param>
/// <param name="Year">Year of issue in its century, 0..99.</param>
/// <param name="FirstCode">First digits, at most 99,999,999,999.</param>
/// <param name="LastCode">Last digits.</param>
/// <param name="Series">Series of the numbers, six characters.</param>
/// <param name="FirstNumber">First number, 1..99,999,999.</param>
/// <param name="LastNumber">Last number.</param>
/// <param name="Until">The last moment at which it may be printed from; in the year of <paramref name="Year"/>.</param>
public sealed record LeaseOffer(
    ulong Lease,
    int Kind,
    string Block,
    int Year,
    long FirstCode,
    long LastCode,
    string Series,
    int FirstNumber,
    int LastNumber,
    DateTimeOffset Until);

namespace Invoicing.Gateway;

/// <summary>Whether and how registers are given codes and numbers that they may print while their line is down.</summary>
/// <remarks>
/// What a register does not use of a lease is never used by anybody. A lease never takes the last codes: twice as many must be left.
/// </remarks>
public sealed record LeaseOptions
{
    /// <summary>A day's receipts of a small till: what is burned of it every other day costs a range of a million codes nothing for years.</summary>
    public const int DefaultCodes = 200;

    /// <summary>More than any till prints in two days; an entry of burned ones is as small as one of few.</summary>
    public const int MaxCodes = 10_000;

    /// <summary>A lease lasts to the end of the next day: a line that fails at closing time is seen the next morning.</summary>
    public const int DefaultDays = 1;

    /// <summary>A week: the law gives no longer to send what was issued, and a line that is down longer needs a person anyway.</summary>
    public const int MaxDays = 7;

    /// <summary>Receipts that a lease is for, 1..10,000.</summary>
    public int Codes { get; init; } = DefaultCodes;

    /// <summary>
    /// Days after the day it is given at whose end, in GMT+7, it ends, 0..7; never after the year, because codes bear it. It is followed by
    /// the next when half of it is used or a quarter of its time is left.
    /// </summary>
    public int Days { get; init; } = DefaultDays;

    /// <summary>What is wrong with the options; <see langword="null"/> if nothing.</summary>
    internal string? Fault() => this switch
    {
        { Codes: < 1 or > MaxCodes } => $"Leases.Codes: expected 1 to {MaxCodes}, found {Codes}",
        { Days: < 0 or > MaxDays } => $"Leases.Days: expected 0 to {MaxDays}, found {Days}",
        _ => null,
    };
}

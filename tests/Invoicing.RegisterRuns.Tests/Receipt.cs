using System.Globalization;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>A sale as both sides can say it: the number that was printed, without leading zeros, and the total.</summary>
internal readonly record struct Receipt(string Number, long Total)
{
    public static string Plain(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Plain(string? number) => number?.TrimStart('0') ?? string.Empty;
}

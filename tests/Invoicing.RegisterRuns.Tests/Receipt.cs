namespace Invoicing.RegisterRuns.Tests;

/// <summary>A sale as both sides can say it: the number that was printed, and the total.</summary>
internal readonly record struct Receipt(string Number, long Total);

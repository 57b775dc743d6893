namespace Invoicing.Registers.Drivers;

/// <summary>A receipt number as a captured piece shows it.</summary>
/// <param name="Text">As printed.</param>
/// <param name="Scope">The day, month or year in which the till counts on before it begins anew; empty where it does not.</param>
internal sealed record SeenNumber(string Text, string Scope);

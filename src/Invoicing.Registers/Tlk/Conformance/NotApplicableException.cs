#pragma warning disable CA1032, CA1064 // Thrown and caught inside this folder only, always with what it carries.
namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>The case cannot be run with this register or this run: ends the case.</summary>
internal sealed class NotApplicableException(string why) : Exception(why);

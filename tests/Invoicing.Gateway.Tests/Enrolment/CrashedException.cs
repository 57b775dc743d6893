namespace Invoicing.Gateway.Tests.Enrolment;

/// <summary>The process dies here.</summary>
internal sealed class CrashedException(string step) : Exception(step);

namespace Invoicing.Architecture.Tests.Samples.Lower;

public sealed class LowerException : Exception;

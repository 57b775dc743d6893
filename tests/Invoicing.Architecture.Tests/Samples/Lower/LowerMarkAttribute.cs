namespace Invoicing.Architecture.Tests.Samples.Lower;

[AttributeUsage(AttributeTargets.All)]
public sealed class LowerMarkAttribute : Attribute;

namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>Tests that take many minutes run when they are asked for: <c>INVOICING_LONG=1</c>.</summary>
internal static class LongRuns
{
    internal static void SkipUnlessAskedFor() =>
        Assert.SkipUnless(Environment.GetEnvironmentVariable("INVOICING_LONG") == "1", "takes many minutes: set INVOICING_LONG=1 to run it");
}

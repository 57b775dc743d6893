using Invoicing.Chain;

namespace Invoicing.Gateway.Journal;

/// <summary>Turns what the chain's verifier says into a journal's fault.</summary>
internal static class JournalFaults
{
    private const string Expected = "expected ";
    private const string Found = ", found ";

    /// <summary>Splits the verifier's sentence, which reads <c>expected …, found …</c> for every reason (a test holds it to that).</summary>
    public static JournalFault Of(ChainFault fault)
    {
        int found = fault.Text.LastIndexOf(Found, StringComparison.Ordinal);
        return fault.Text.StartsWith(Expected, StringComparison.Ordinal) && found > 0
            ? new(fault.Position, fault.Reason.ToString(), fault.Text[Expected.Length..found], fault.Text[(found + Found.Length)..])
            : new(fault.Position, fault.Reason.ToString(), "an entry that follows", fault.Text);
    }
}

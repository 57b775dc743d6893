using System.CommandLine;

namespace Invoicing.Authority.Commands;

/// <summary><c>verify</c>: reads everything again.</summary>
internal static class VerifyCommand
{
    public static Command Create() => new("verify", "read the whole ledger again and check it");
}

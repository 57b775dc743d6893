using System.CommandLine;
using Invoicing.Authority.Enrolment;

namespace Invoicing.Authority.Commands;

/// <summary><c>ca</c>: makes root, server certificate and watermark key.</summary>
internal static class CaCommand
{
    public static Command Create()
    {
        Option<string> data = AuthorityCommand.DataOption();
        var host = new Option<string[]>("--host")
        {
            Description = "name or address that clients reach the server by, besides localhost and 127.0.0.1; may be given again",
            DefaultValueFactory = _ => [],
        };
        var command = new Command("ca", "make the authority's root, its server's certificate and the key that signs watermarks") { data, host };
        command.SetAction(parsed =>
        {
            var folder = new AuthorityFolder(parsed.GetValue(data)!);
            CertificateAuthority.Create(folder, parsed.GetValue(host)!, TimeProvider.System);
            Console.WriteLine($"{folder.RootCertificate}: made; keep the .key files beside it secret and in a backup");
            return AuthorityExit.Ok;
        });
        return command;
    }
}

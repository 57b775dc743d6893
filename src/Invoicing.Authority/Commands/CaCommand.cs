using System.CommandLine;
using Invoicing.Authority.Enrolment;

namespace Invoicing.Authority.Commands;

/// <summary><c>ca</c>: makes root, issuing and server certificate and the watermark key; <c>ca reissue</c>: another issuing certificate.</summary>
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
        Option<string?> root = RootOption("folder for the root's key, such as a stick; the folder's ca/offline if not given");
        Option<string?> rootKey = RootKeyOption();
        Option<string?> issuingKey = IssuingKeyOption();
        var command = new Command(
            "ca", "make the authority's root, its issuing and server certificates and the key that signs watermarks; then take the root's key away")
        {
            data, host, root, rootKey, issuingKey, Reissue(),
        };
        command.SetAction(parsed =>
        {
            var folder = new AuthorityFolder(parsed.GetValue(data)!);
            string location = LocationOf(folder, parsed.GetValue(root), parsed.GetValue(rootKey));
            CertificateAuthority.Create(
                folder, new AuthorityPlan { Hosts = parsed.GetValue(host)!, RootKey = location, IssuingKey = parsed.GetValue(issuingKey) }, TimeProvider.System);
            Console.WriteLine($"{folder.RootCertificate}: made; the root's key is at {location}: take it away to a safe place, only 'ca reissue' needs it");
            Console.WriteLine("keep the other .key files beside the certificate secret and in a backup");
            return AuthorityExit.Ok;
        });
        return command;
    }

    private static Command Reissue()
    {
        Option<string> data = AuthorityCommand.DataOption();
        Option<string?> root = RootOption("folder that holds the root's key; the folder's ca/offline if not given");
        Option<string?> rootKey = RootKeyOption();
        Option<string?> issuingKey = IssuingKeyOption();
        var command = new Command("reissue", "make another issuing key and certificate by the root; stop the server first. What the one before issued stays good")
        {
            data, root, rootKey, issuingKey,
        };
        command.SetAction(parsed =>
        {
            var folder = new AuthorityFolder(parsed.GetValue(data)!);
            CertificateAuthority.Reissue(
                folder, LocationOf(folder, parsed.GetValue(root), parsed.GetValue(rootKey)), parsed.GetValue(issuingKey), TimeProvider.System);
            Console.WriteLine($"{folder.IssuingCertificate}: made; take the root's key away again");
            return AuthorityExit.Ok;
        });
        return command;
    }

    private static string LocationOf(AuthorityFolder folder, string? root, string? rootKey) =>
        root is not null && rootKey is not null ? throw new InvoicingException("--root and --root-key: expected one of them, found both")
            : rootKey is not null ? KeyLocation.Require("--root-key", rootKey)
            : KeyLocation.OfFile(AuthorityFolder.RootKeyIn(root ?? folder.Offline));

    private static Option<string?> RootOption(string description) => new("--root") { Description = description };

    private static Option<string?> RootKeyOption() => new("--root-key") { Description = "where the root's key is instead: file:PATH, or pkcs11:…?pin-source=file:PATH of a key that is on a token already" };

    private static Option<string?> IssuingKeyOption() => new("--issuing-key") { Description = "where the issuing key is instead of a file: pkcs11:…?pin-source=file:PATH of a key that is on a token already" };
}

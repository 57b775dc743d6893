using System.CommandLine;
using System.Globalization;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Enrolment.Acts;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Signing;

namespace Invoicing.Authority.Commands;

/// <summary><c>acts</c>: the administrative acts, who did what at the authority.</summary>
internal static class ActsCommand
{
    public static Command Create() => new("acts", "who did what at this authority: a signed chain; works beside a running server") { List(), Verify(), Export() };

    private static Command List()
    {
        Option<string> data = AuthorityCommand.DataOption();
        Option<bool> json = AuthorityCommand.JsonOption();
        var command = new Command("list", "list the acts in order; does not check them") { data, json };
        command.SetAction(parsed =>
        {
            bool asJson = parsed.GetValue(json);
            return WriteAll(parsed.GetValue(data)!, act => asJson ? ActJson.Write(act, withBytes: false) : ActJson.ToText(act));
        });
        return command;
    }

    private static Command Export()
    {
        Option<string> data = AuthorityCommand.DataOption();
        var command = new Command("export", "write the acts as JSON lines with the bytes that were signed: keep a copy elsewhere, it tells whether the end was cut off") { data };
        command.SetAction(parsed => WriteAll(parsed.GetValue(data)!, act => ActJson.Write(act, withBytes: true)));
        return command;
    }

    private static Command Verify()
    {
        Option<string> data = AuthorityCommand.DataOption();
        var command = new Command("verify", "check numbers, links and signatures of all acts; code 2 at the first that does not hold") { data };
        command.SetAction(parsed =>
        {
            var folder = new AuthorityFolder(parsed.GetValue(data)!);
            using SoftwareSigner signer = CertificateAuthority.LoadWatermarkKey(folder);
            using var key = VerifyingKey.Import(signer.PublicKey.Span);
            long count = 0;
            string? fault = AuthorityRegistry.Read(
                folder, q => ActChain.Verify(q.AllActs(), AuthorityRegistry.StartOf(folder), key, out count));
            Console.WriteLine(fault ?? string.Create(CultureInfo.InvariantCulture, $"sound: {count} acts"));
            return fault is null ? AuthorityExit.Ok : AuthorityExit.Usage;
        });
        return command;
    }

    private static int WriteAll(string data, Func<SignedAct, string> write) => AuthorityRegistry.Read(new(data), q =>
    {
        foreach (SignedAct act in q.AllActs())
        {
            Console.WriteLine(write(act));
        }

        return AuthorityExit.Ok;
    });
}

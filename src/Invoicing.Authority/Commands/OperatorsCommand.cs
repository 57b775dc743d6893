using System.CommandLine;
using Invoicing.Authority.Enrolment;

namespace Invoicing.Authority.Commands;

/// <summary><c>operators</c>: a seller's own people, who see its devices and follow its entries.</summary>
internal static class OperatorsCommand
{
    public static Command Create() => new("operators", "let a seller's operators in, list them and put them out; works beside a running server")
    {
        ClientsCommand.Add(
            ClientRole.Operator, new Option<string>("--seller") { Description = "the seller's tax code", Required = true }, "let an operator in: certificate, bundle"),
        ClientsCommand.List(ClientRole.Operator),
        ClientsCommand.Remove(ClientRole.Operator),
    };
}

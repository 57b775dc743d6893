using System.CommandLine;
using Invoicing.Edge.Settings;
using Invoicing.Gateway.Keys;

namespace Invoicing.Edge.Commands;

/// <summary><c>key-host</c>: the process that uses a token for the service; started by it, and by nobody else.</summary>
internal static class TokenHostCommand
{
    public static Command Create()
    {
        var command = new Command(KeySettings.HostCommand, "Uses a token for the service that started it.") { Hidden = true };
        command.SetAction(_ => KeyHost.Serve());
        return command;
    }
}

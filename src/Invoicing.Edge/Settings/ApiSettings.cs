using System.Net;
using Invoicing.Settings;

namespace Invoicing.Edge.Settings;

/// <summary>How programs that cannot load .NET hand over sales: key <c>api</c> with <c>listen</c> and <c>token_file</c>.</summary>
/// <param name="Listen">Address on this machine; no other is taken, because sales would cross a network in plain text.</param>
/// <param name="TokenFile">File of the token that callers show; made with a random one at the first start.</param>
internal sealed record ApiSettings(IPEndPoint Listen, string TokenFile)
{
    /// <summary>Reads the key; <see langword="null"/> where it is absent: nothing is listened on.</summary>
    /// <exception cref="SettingsException">Names the key, what was expected and what was found.</exception>
    public static ApiSettings? Read(JsonSettings json, string folder)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (json.OptionalObject("api") is not { } api)
        {
            return null;
        }

        string listen = api.Text("listen");
        if (!IPEndPoint.TryParse(listen, out IPEndPoint? endpoint) || !IPAddress.IsLoopback(endpoint.Address)
            || !listen.EndsWith($":{endpoint.Port}", StringComparison.Ordinal))
        {
            throw api.Fault("listen", "an address on this machine with a port, such as 127.0.0.1:8686 or [::1]:8686", $"'{listen}'");
        }

        ApiSettings settings = new(endpoint, Path.Combine(folder, api.OptionalText("token_file") ?? "api.token"));
        api.Done();
        return settings;
    }
}

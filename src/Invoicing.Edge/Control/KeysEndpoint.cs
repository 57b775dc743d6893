using System.Text.Json.Nodes;
using Invoicing.Edge.Hosting;
using Invoicing.Gateway;
using Invoicing.Gateway.Keys;

namespace Invoicing.Edge.Control;

/// <summary>Tells of the signing key, and changes it.</summary>
internal static class KeysEndpoint
{
    /// <summary>Longest wait for a rotation: a token may take seconds to be opened, and seconds to make a key.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static JsonObject Show(EdgeHost host) => From(host.Gateway.Status.Key);

    /// <summary>Lets the chain go on under another key.</summary>
    /// <param name="host">The service.</param>
    /// <param name="to">Where the new key lies; empty: in a file beside the present one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvoicingException">It was not changed; says why.</exception>
    public static async Task<JsonObject> RotateAsync(EdgeHost host, string to, CancellationToken cancellationToken)
    {
        KeyRotation done = await host.Gateway.RotateKeyAsync(to.Length == 0 ? null : Place(to), cancellationToken);
        return new()
        {
            ["done"] = $"entry {done.Position} puts key {done.Id} into force ({done.Location}); key {done.Before} signs nothing any more",
            ["position"] = done.Position,
            ["before"] = done.Before.ToString(),
            ["id"] = done.Id.ToString(),
            ["location"] = done.Location,
        };
    }

    public static JsonObject From(KeyStatus key) => new()
    {
        ["id"] = key.Id.ToString(),
        ["kind"] = key.Kind,
        ["location"] = key.Location,
        ["warning"] = key.Warning,
        ["retired"] = key.Retired,
    };

    private static KeyLocation Place(string text)
    {
        try
        {
            return KeyLocation.Parse(text, "/");
        }
        catch (FormatException fault)
        {
            throw new InvoicingException(fault.Message, innerException: fault);
        }
    }
}

using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Invoicing.Edge.Control;
using Invoicing.Edge.Settings;
using Invoicing.Registers.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Edge.Commands;

/// <summary><c>ports</c>: what is plugged in, what is bound to what, and what may be probed. Looks, and touches no port.</summary>
internal static class PortsCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config", "-c") { Description = "Configuration file; without it, only what is plugged in is told.", HelpName = "FILE" };
        Option<bool> json = EdgeOptions.Json();
        var command = new Command(
            "ports", "Lists serial ports: adapter, place, who uses them, which register is bound to them, and whether they may be probed. Opens none of them.")
        {
            config, json,
        };
        command.Run(async (parsed, cancellationToken) =>
        {
            EdgeSettings? settings = parsed.GetValue(config) is { } file ? EdgeSettings.Load(file) : null;
            JsonObject? status = settings is null ? null : await ControlClient.StatusAsync(settings.Control, cancellationToken);
            PortBindings bindings = Judge(settings, status, new PortWatch(TimeProvider.System, NullLogger<PortWatch>.Instance).List());
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                (parsed.GetValue(json) ? ToJson(bindings).ToJsonString() : ForPeople(bindings)).AsMemory(), cancellationToken);
            return bindings.Registers.Any(register => register.Refusal is not null) ? ExitCode.Unsound : ExitCode.Done;
        });
        return command;
    }

    /// <summary>Puts together what the configuration says, what registers state on the running service's lines, and what is plugged in.</summary>
    internal static PortBindings Judge(EdgeSettings? settings, JsonObject? status, ImmutableArray<ListedPort> listing)
    {
        List<ConfiguredPort> configured = [];
        JsonArray lines = status?["registers"]?.AsArray() ?? [];
        foreach (RegisterSettings register in settings?.Registers ?? [])
        {
            if (register.Line is LineAddress.Serial serial)
            {
                string path = serial.Options.Path;
                string? stated = lines.FirstOrDefault(line => (string?)line!["line"] == path)?["register"]?.GetValue<string>();
                configured.Add(new(register.Protocol.Register?.Value ?? path, PortAddress.Parse(path), register.Protocol.Register?.Value, stated));
            }

            if (register.Protocol.Second is { Line: LineAddress.Serial second, What: { } what })
            {
                configured.Add(new($"{register.Protocol.Register?.Value ?? register.Line.ToString()} ({what})", PortAddress.Parse(second.Options.Path), null, null));
            }
        }

        return PortBindings.Judge(configured, listing, PortWatch.Holders(listing), [.. settings?.Probe ?? []]);
    }

    internal static string ForPeople(PortBindings bindings)
    {
        List<string> lines = [];
        foreach (PortBinding binding in bindings.Ports)
        {
            ListedPort port = binding.Port;
            string adapter = port.IsUsb
                ? $"{port.Vendor:x4}:{port.Product:x4} {port.Manufacturer} {port.ProductText}".TrimEnd() + $", serial {port.Serial ?? "none"}, at {port.BusPath}"
                : "on the board";
            lines.Add($"{port.Node,-16} {adapter}{(port.Driver is null ? string.Empty : $" ({port.Driver})")}");
            lines.Add($"{string.Empty,-16} {binding.Reason}; to name it: {binding.Address}");
        }

        lines.AddRange(bindings.Registers.Where(register => register.Refusal is not null)
            .Select(register => $"REFUSED {register.Configured.Register}: {register.Refusal}"));
        return lines.Count == 0 ? "no serial port is plugged in" : string.Join(Environment.NewLine, lines);
    }

    private static JsonObject ToJson(PortBindings bindings) => new()
    {
        ["ports"] = new JsonArray([.. bindings.Ports.Select(binding => (JsonNode)new JsonObject
        {
            ["node"] = binding.Port.Node,
            ["address"] = binding.Address.ToString(),
            ["vendor"] = binding.Port.Vendor?.ToString("x4", System.Globalization.CultureInfo.InvariantCulture),
            ["product"] = binding.Port.Product?.ToString("x4", System.Globalization.CultureInfo.InvariantCulture),
            ["serial"] = binding.Port.Serial,
            ["manufacturer"] = binding.Port.Manufacturer,
            ["text"] = binding.Port.ProductText,
            ["interface"] = binding.Port.Interface,
            ["path"] = binding.Port.BusPath,
            ["driver"] = binding.Port.Driver,
            ["by_id"] = binding.Port.ById,
            ["by_path"] = binding.Port.ByPath,
            ["state"] = binding.State.ToString(),
            ["register"] = binding.Register,
            ["holder"] = binding.Holder,
            ["may_probe"] = binding.MayProbe,
            ["reason"] = binding.Reason,
        })]),
        ["registers"] = new JsonArray([.. bindings.Registers.Select(register => (JsonNode)new JsonObject
        {
            ["register"] = register.Configured.Register,
            ["address"] = register.Configured.Address.ToString(),
            ["states"] = register.Configured.Stated,
            ["node"] = register.Node,
            ["refusal"] = register.Refusal,
        })]),
    };
}

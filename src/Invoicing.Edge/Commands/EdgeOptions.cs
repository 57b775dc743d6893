using System.CommandLine;

namespace Invoicing.Edge.Commands;

/// <summary>Options that several commands share.</summary>
internal static class EdgeOptions
{
    public static Option<string> Config() => new("--config", "-c")
    {
        Description = "Configuration file (JSON).",
        Required = true,
        HelpName = "FILE",
    };

    public static Option<bool> Json() => new("--json") { Description = "One JSON object for scripts instead of text for people." };

    public static Option<string?> Till() => new("--register", "-r")
    {
        Description = "Name of the till in the configuration; may be left out where only one is captured.",
        HelpName = "NAME",
    };

    public static Argument<long?> Capture() => new("number")
    {
        Description = "The capture, as 'captures list' names it; left out: the newest.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Option<string> Journal() => new("--journal")
    {
        Description = "Journal file; may be in use by the running service.",
        Required = true,
        HelpName = "FILE",
    };
}

using System.Globalization;
using System.Net;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Ports;

namespace Invoicing.Edge.Settings;

/// <summary>Where a register hangs, as one text.</summary>
/// <remarks>
/// <c>serial:PORT[?speed=9600&amp;data=8&amp;parity=even&amp;stop=1&amp;flow=rtscts&amp;settle=200]</c> ·
/// where PORT is a node or a <see cref="PortAddress"/> · <c>tcp:HOST:PORT</c> (we call the register) · <c>tcp-listen:ADDRESS:PORT</c> (the register calls us).
/// </remarks>
internal abstract record LineAddress
{
    private const string Forms = "serial:PATH[?speed=…&data=…&parity=…&stop=…&flow=…&settle=…], tcp:HOST:PORT or tcp-listen:ADDRESS:PORT";

    private LineAddress()
    {
    }

    /// <summary>Reads an address.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">Says what was expected and what was found.</exception>
    public static LineAddress Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string rest = colon < 0 ? string.Empty : text[(colon + 1)..];
        return (colon < 0 ? text : text[..colon]) switch
        {
            "serial" when rest.Length > 0 => ParseSerial(rest),
            "tcp" => ParseTcp(rest, text),
            "tcp-listen" => ParseListen(rest, text),
            _ => throw new FormatException($"expected {Forms}, found '{text}'"),
        };
    }

    private static Serial ParseSerial(string rest)
    {
        string[] parts = rest.Split('?', 2);
        var options = new SerialLineOptions { Path = PortAddress.Parse(parts[0]).ToString() };
        foreach (string pair in parts.Length == 1 ? [] : parts[1].Split('&'))
        {
            string[] setting = pair.Split('=', 2);
            options = Apply(options, setting[0], setting.Length == 2 ? setting[1] : string.Empty);
        }

        return options.Fault() is { } fault ? throw new FormatException(fault) : new(options);
    }

    private static SerialLineOptions Apply(SerialLineOptions o, string key, string value) => key switch
    {
        "speed" => Copy(o, speed: Whole(key, value)),
        "data" => Copy(o, data: Whole(key, value)),
        "stop" => Copy(o, stop: Whole(key, value)),
        "settle" => Copy(o, settle: TimeSpan.FromMilliseconds(Whole(key, value))),
        "parity" => Copy(o, parity: value switch
        {
            "none" => SerialParity.None,
            "even" => SerialParity.Even,
            "odd" => SerialParity.Odd,
            "mark" => SerialParity.Mark,
            "space" => SerialParity.Space,
            _ => throw new FormatException($"parity: expected none, even, odd, mark or space, found '{value}'"),
        }),
        "flow" => Copy(o, flow: value switch
        {
            "none" => SerialFlow.None,
            "rtscts" => SerialFlow.RtsCts,
            "xonxoff" => SerialFlow.XonXoff,
            _ => throw new FormatException($"flow: expected none, rtscts or xonxoff, found '{value}'"),
        }),
        _ => throw new FormatException($"expected speed, data, parity, stop, flow or settle after '?', found '{key}'"),
    };

    private static SerialLineOptions Copy(
        SerialLineOptions from, int? speed = null, int? data = null, SerialParity? parity = null, int? stop = null, SerialFlow? flow = null,
        TimeSpan? settle = null) => new()
        {
            Path = from.Path,
            Speed = speed ?? from.Speed,
            DataBits = data ?? from.DataBits,
            Parity = parity ?? from.Parity,
            StopBits = stop ?? from.StopBits,
            Flow = flow ?? from.Flow,
            Settle = settle ?? from.Settle,
            LockFolder = from.LockFolder,
        };

    private static int Whole(string key, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new FormatException($"{key}: expected a whole number, found '{value}'");

    private static Tcp ParseTcp(string rest, string text)
    {
        int colon = rest.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0
            ? new(rest[..colon].Trim('[', ']'), port)
            : throw new FormatException($"expected tcp:HOST:PORT, found '{text}'");
    }

    private static Listen ParseListen(string rest, string text) =>
        IPEndPoint.TryParse(rest, out IPEndPoint? endpoint) && rest.Contains(':', StringComparison.Ordinal)
            ? new(endpoint)
            : throw new FormatException($"expected tcp-listen:ADDRESS:PORT, found '{text}'");

    /// <summary>A serial port.</summary>
    public sealed record Serial(SerialLineOptions Options) : LineAddress
    {
        /// <inheritdoc/>
        public override string ToString() => $"serial:{Options.Path}";
    }

    /// <summary>A register, or a serial device server, that we call.</summary>
    public sealed record Tcp(string Host, int Port) : LineAddress
    {
        /// <inheritdoc/>
        public override string ToString() => $"tcp:{Host}:{Port}";
    }

    /// <summary>A register that calls us.</summary>
    public sealed record Listen(IPEndPoint Endpoint) : LineAddress
    {
        /// <inheritdoc/>
        public override string ToString() => $"tcp-listen:{Endpoint}";
    }
}

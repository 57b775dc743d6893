using System.Globalization;
using System.Net;

namespace FirmwareSim.Lines;

/// <summary>A line as a person writes it: <c>pty:PATH</c>, <c>tcp:HOST:PORT</c>, <c>tcp-listen:PORT</c>, <c>tcp-listen:ADDRESS:PORT</c>.</summary>
internal sealed record LineAddress
{
    public const string Expected = "pty:PATH, tcp:HOST:PORT, tcp-listen:PORT or tcp-listen:ADDRESS:PORT";

    private enum Scheme
    {
        Pty,
        Tcp,
        TcpListen,
    }

    private Scheme Kind { get; init; }

    private string Host { get; init; } = "";

    private int Port { get; init; }

    public static LineAddress? TryParse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string rest = text[(colon + 1)..];
        return (colon < 0 ? "" : text[..colon]) switch
        {
            "pty" when rest.Length > 0 => new LineAddress { Kind = Scheme.Pty, Host = rest },
            "tcp" => WithPort(Scheme.Tcp, rest, ""),
            "tcp-listen" => WithPort(Scheme.TcpListen, rest, "127.0.0.1"),
            _ => null,
        };
    }

    /// <summary>Makes the line. What fails here (no such folder, port in use) is said by the exception.</summary>
    /// <param name="time">For pauses between attempts.</param>
    /// <param name="together">Connections that are served at the same time, where the register listens.</param>
    public ILine Create(TimeProvider time, int together = 1) => Kind switch
    {
        Scheme.Pty => PseudoTerminalLine.Create(Host),
        Scheme.Tcp => new TcpClientLine(Host, Port, time),
        _ => new TcpListenLine(IPAddress.Parse(Host), Port, together > 1),
    };

    private static LineAddress? WithPort(Scheme kind, string text, string defaultHost)
    {
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? defaultHost : text[..colon].Trim('[', ']');
        bool hasPort = ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port);
        bool hasHost = kind == Scheme.Tcp ? host.Length > 0 : IPAddress.TryParse(host, out _);
        return hasPort && hasHost ? new LineAddress { Kind = kind, Host = host, Port = port } : null;
    }
}

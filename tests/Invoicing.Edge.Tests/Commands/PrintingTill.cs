using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Invoicing.Edge.Control;
using Invoicing.Testing;

namespace Invoicing.Edge.Tests.Commands;

/// <summary>A till that prints to a tap of a running edge, which stands in for its printer.</summary>
internal sealed class PrintingTill
{
    public const string Name = "TILL-1";

    /// <summary>How it prints.</summary>
    public const string Template = """
        {
          "name": "ca phe",
          "items": [ { "line": "^(?<name>.*[a-z].*)\\s+{qty}\\s+{price}\\s+{amount}$" } ],
          "start": "tên hàng.*thành tiền",
          "total": "^tổng cộng\\W*{amount}$",
          "number": "^số hđ\\W*(?<number>\\S+)$",
          "defaultRate": "8%"
        }
        """;

    private readonly int _port;

    public PrintingTill()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        _port = ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The edge's configuration of it; without a template its prints are kept and nothing is invoiced.</summary>
    public string Settings(string? template = null, string more = "") =>
        $$"""
        , "registers": [ { "line": "tcp-listen:127.0.0.1:{{_port}}", "protocol": "escpos", "register": "{{Name}}", "new_register": "{{Name}}", "mode": "virtual", "columns": 0{{(template is null ? string.Empty : $", \"template\": \"{template}\"")}} } ]{{more}}
        """;

    /// <summary>A receipt of one kind of goods.</summary>
    public static string Receipt(string number, string name = "Cà phê sữa", int quantity = 2, int total = 40_000, string price = "20.000") =>
        $"CỬA HÀNG HOA SEN\nSố HĐ: {number}\nTên hàng  SL  Đơn giá  Thành tiền\n{name} {quantity} {price} 40.000\nTổng cộng: {total / 1000}.000\nCảm ơn quý khách\n";

    /// <summary>Prints, each on a call of its own, and waits until the edge has kept and judged so many in all.</summary>
    public async Task PrintAsync(RunningEdge edge, int kept, params string[] jobs)
    {
        foreach (string job in jobs)
        {
            using TcpClient call = new();
            await CallAsync(call);
            await call.GetStream().WriteAsync((byte[])[0x1B, (byte)'@', .. Encoding.UTF8.GetBytes(job), 0x1D, (byte)'V', 0]).AsTask().Soon();
        }

        await edge.UntilAsync(() => Counted(edge) == kept, $"{kept} are kept");
    }

    private static long Counted(RunningEdge edge)
    {
        JsonNode line = StatusJson.From(edge.Host)["registers"]![0]!;
        return line["waiting"]!.GetValue<int>() > 0 ? -1 : line["counters"]!["jobs"]?.GetValue<long>() ?? 0;
    }

    /// <summary>The edge begins to listen a moment after its start.</summary>
    private async Task CallAsync(TcpClient call)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                await call.ConnectAsync(IPAddress.Loopback, _port).Soon();
                return;
            }
            catch (SocketException) when (i < 200)
            {
                await Task.Delay(50);
            }
        }
    }
}

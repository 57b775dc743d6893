using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Invoicing.Chain;
using Invoicing.Testing;

namespace Invoicing.Benchmarks.Intruders;

/// <summary>One kind of intruder: what it does once, against whatever listens.</summary>
/// <param name="Name">What it is called in the report.</param>
/// <param name="OnceAsync">Does it once; ends when the peer has had enough.</param>
internal sealed record Attack(string Name, Func<Uri, CancellationToken, Task> OnceAsync)
{
    private const string Submit = "/invoicing.v1.IntakeService/Submit";
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(2);
    private static readonly IPAddress From = IPAddress.Parse("127.0.0.2");

    /// <summary>The matrix.</summary>
    /// <param name="root">What the authority's certificate leads to.</param>
    /// <param name="known">A device that is enrolled, whose certificate was copied.</param>
    /// <param name="foreign">A device of another authority.</param>
    public static IReadOnlyList<Attack> Matrix(X509Certificate2 root, ClientBundle known, ClientBundle foreign) =>
    [
        new("idle", IdleAsync),
        new("handshake only", (target, cancel) => HttpAsync(target, root, null, (connection, _) => HoldAsync(connection, cancel), cancel)),
        new("no certificate", (target, cancel) => HttpAsync(target, root, null, (connection, _) => CallAsync(connection, cancel), cancel)),
        new("another CA's certificate", (target, cancel) => HttpAsync(target, root, foreign, (connection, _) => CallAsync(connection, cancel), cancel)),
        new("copied certificate, wrong proof", (target, cancel) => HttpAsync(target, root, known, (connection, _) => LieAsync(connection, cancel), cancel)),
        new("slow headers", (target, cancel) => HttpAsync(target, root, null, (connection, _) => DripAsync(connection, cancel), cancel)),
        new("rapid reset", (target, cancel) => HttpAsync(target, root, null, (connection, _) => ResetAsync(connection, cancel), cancel)),
        new("rapid reset, known", (target, cancel) => HttpAsync(target, root, known, (connection, _) => ResetAsync(connection, cancel), cancel)),
        new("inflated length", (target, cancel) => HttpAsync(target, root, known, (connection, _) => InflateAsync(connection, cancel), cancel)),
        new("no TLS", PlainAsync),
    ];

    private static async Task IdleAsync(Uri target, CancellationToken cancellationToken)
    {
        using Socket socket = await OpenAsync(target, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Hold);
        await socket.ReceiveAsync(new byte[1], limit.Token);
    }

    private static async Task PlainAsync(Uri target, CancellationToken cancellationToken)
    {
        using Socket socket = await OpenAsync(target, cancellationToken);
        await socket.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Hold);
        await socket.ReceiveAsync(new byte[64], limit.Token);
    }

    private static async Task<Socket> OpenAsync(Uri target, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(From, 0));
            await socket.ConnectAsync(IPAddress.Loopback, target.Port, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task HttpAsync(
        Uri target, X509Certificate2 root, ClientBundle? bundle, Func<RawHttp2, CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        using X509Certificate2? certificate = bundle is null ? null : X509Certificate2.CreateFromPem(bundle.Certificate, bundle.PrivateKey);
        await using RawHttp2 connection = await RawHttp2.ConnectAsync(target, root, certificate, From);
        await act(connection, cancellationToken);
    }

    private static async Task HoldAsync(RawHttp2 connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection.Closed.WaitAsync(Hold, cancellationToken);
        }
        catch (TimeoutException)
        {
            return; // held it for as long as it wanted
        }
    }

    private static async Task CallAsync(RawHttp2 connection, CancellationToken cancellationToken)
    {
        byte[] block = RawHttp2.CallHeaders(Submit);
        for (int i = 0; i < 20 && !connection.Closed.IsCompleted; i++)
        {
            await connection.HeadersAsync(connection.NextStream(), block, endStream: true);
        }

        await HoldAsync(connection, cancellationToken);
    }

    /// <summary>Opens a stream and says things that are no hello: it never gets as far as a proof.</summary>
    private static async Task LieAsync(RawHttp2 connection, CancellationToken cancellationToken)
    {
        int stream = connection.NextStream();
        await connection.HeadersAsync(stream, RawHttp2.CallHeaders(Submit));
        await connection.DataAsync(stream, new byte[] { 0, 0, 0, 0, 2, 0x0A, 0 }); // an empty hello
        await HoldAsync(connection, cancellationToken);
    }

    private static async Task DripAsync(RawHttp2 connection, CancellationToken cancellationToken)
    {
        byte[] block = RawHttp2.CallHeaders(Submit);
        int stream = connection.NextStream();
        await connection.HeadersAsync(stream, block.AsMemory(0, 1), endHeaders: false);
        for (int at = 1; at < 20 && !connection.Closed.IsCompleted; at++)
        {
            await connection.FrameAsync(0x9, 0, stream, block.AsMemory(at, 1));
            await Task.Delay(100, cancellationToken);
        }
    }

    private static async Task ResetAsync(RawHttp2 connection, CancellationToken cancellationToken)
    {
        byte[] block = RawHttp2.CallHeaders(Submit);
        for (int i = 0; i < 20 && !connection.Closed.IsCompleted; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await connection.ResetRapidlyAsync(block, 100);
        }
    }

    private static async Task InflateAsync(RawHttp2 connection, CancellationToken cancellationToken)
    {
        int stream = connection.NextStream();
        await connection.HeadersAsync(stream, RawHttp2.CallHeaders(Submit));
        await connection.DataAsync(stream, new byte[] { 0, 0x7F, 0xFF, 0xFF, 0xFF, 1, 2, 3 });
        await HoldAsync(connection, cancellationToken);
    }
}

using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Invoicing.Testing;

/// <summary>An HTTP/2 connection that sends whatever frames it is told to, right or wrong, and counts what comes back. Source: RFC 9113, RFC 7541.</summary>
public sealed class RawHttp2 : IAsyncDisposable
{
    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    private readonly TcpClient _tcp;
    private readonly SslStream _tls;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<uint?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private int _nextStream = 1;
    private long _frames;

    private RawHttp2(TcpClient tcp, SslStream tls)
    {
        _tcp = tcp;
        _tls = tls;
        _reading = Task.Run(ReadAsync, CancellationToken.None);
    }

    /// <summary>Frames that came so far.</summary>
    public long Frames => Interlocked.Read(ref _frames);

    /// <summary>Ends when the server has closed the connection, with its last GOAWAY's error code, if it sent one.</summary>
    public Task<uint?> Closed => _closed.Task;


    /// <summary>Connects, shakes hands and sends the preface.</summary>
    /// <param name="server">Where.</param>
    /// <param name="root">What the server's certificate must lead to.</param>
    /// <param name="certificate">The client's own, if it has one.</param>
    /// <param name="from">Address to call from.</param>
    /// <param name="settings">Entries of the first SETTINGS frame.</param>
    public static async Task<RawHttp2> ConnectAsync(
        Uri server, X509Certificate2 root, X509Certificate2? certificate = null, IPAddress? from = null, params (ushort Id, uint Value)[] settings)
    {
        ArgumentNullException.ThrowIfNull(server);
        var tcp = new TcpClient(new IPEndPoint(from ?? IPAddress.Loopback, 0)) { NoDelay = true };
        try
        {
            await tcp.ConnectAsync(IPAddress.Loopback, server.Port);
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(root);
            var tls = new SslStream(tcp.GetStream());
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                CertificateChainPolicy = policy,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
            });
            var connection = new RawHttp2(tcp, tls);
            await connection.SendAsync(Preface);
            byte[] body = new byte[settings.Length * 6];
            for (int i = 0; i < settings.Length; i++)
            {
                BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(i * 6), settings[i].Id);
                BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan((i * 6) + 2), settings[i].Value);
            }

            await connection.FrameAsync(0x4, 0, 0, body);

            // The acknowledgement of the server's settings must not come between the frames of a test's header block.
            await Task.WhenAny(connection._settled.Task, connection.Closed);
            return connection;
        }
        catch
        {
            tcp.Dispose();
            throw;
        }
    }

    /// <summary>The next stream's number.</summary>
    public int NextStream()
    {
        int stream = _nextStream;
        _nextStream += 2;
        return stream;
    }

    /// <summary>The headers of a gRPC call, packed without a table.</summary>
    public static byte[] CallHeaders(string path, params (string Name, string Value)[] more)
    {
        ArgumentNullException.ThrowIfNull(more);
        using var packed = new MemoryStream();
        foreach ((string name, string value) in (ReadOnlySpan<(string, string)>)[
            (":method", "POST"), (":scheme", "https"), (":path", path), (":authority", "localhost"), ("content-type", "application/grpc"), ("te", "trailers"),
            .. more])
        {
            packed.WriteByte(0); // literal without indexing, new name
            WriteText(packed, name);
            WriteText(packed, value);
        }

        return packed.ToArray();
    }

    /// <summary>Sends a HEADERS frame.</summary>
    public Task HeadersAsync(int stream, ReadOnlyMemory<byte> block, bool endHeaders = true, bool endStream = false) =>
        FrameAsync(0x1, (byte)((endHeaders ? 0x4 : 0) | (endStream ? 0x1 : 0)), stream, block);

    /// <summary>Sends a DATA frame.</summary>
    public Task DataAsync(int stream, ReadOnlyMemory<byte> data, bool endStream = false) => FrameAsync(0x0, (byte)(endStream ? 1 : 0), stream, data);

    /// <summary>Sends HEADERS and RST_STREAM of many calls in one piece.</summary>
    public async Task ResetRapidlyAsync(ReadOnlyMemory<byte> block, int count)
    {
        using var burst = new MemoryStream();
        for (int i = 0; i < count; i++)
        {
            int stream = NextStream();
            burst.Write(Frame(0x1, 0x4, stream, block.Span));
            burst.Write(Frame(0x3, 0, stream, [0, 0, 0, 8])); // CANCEL
        }

        await SendAsync(burst.ToArray());
    }

    /// <summary>Sends any frame.</summary>
    public Task FrameAsync(byte type, byte flags, int stream, ReadOnlyMemory<byte> body) => SendAsync(Frame(type, flags, stream, body.Span));

    /// <summary>Closes without a word.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _tcp.Dispose();
        await _reading;
        await _tls.DisposeAsync();
        _writing.Dispose();
        _stop.Dispose();
    }

    private static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> body)
    {
        byte[] frame = new byte[9 + body.Length];
        frame[0] = (byte)(body.Length >> 16);
        frame[1] = unchecked((byte)(body.Length >> 8));
        frame[2] = unchecked((byte)body.Length);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        body.CopyTo(frame.AsSpan(9));
        return frame;
    }

    private static void WriteText(MemoryStream packed, string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        int length = bytes.Length;
        if (length < 127)
        {
            packed.WriteByte((byte)length);
        }
        else
        {
            packed.WriteByte(127); // RFC 7541, 5.1: the rest in groups of seven bits
            length -= 127;
            while (length >= 128)
            {
                packed.WriteByte((byte)((length % 128) + 128));
                length /= 128;
            }

            packed.WriteByte((byte)length);
        }

        packed.Write(bytes);
    }

    private async Task SendAsync(byte[] bytes)
    {
        await _writing.WaitAsync(_stop.Token);
        try
        {
            await _tls.WriteAsync(bytes, _stop.Token);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReadAsync()
    {
        uint? goAway = null;
        try
        {
            byte[] header = new byte[9];
            byte[] body = new byte[1 << 14];
            while (true)
            {
                await _tls.ReadExactlyAsync(header, _stop.Token);
                int length = (header[0] << 16) | (header[1] << 8) | header[2];
                Memory<byte> part = length <= body.Length ? body.AsMemory(0, length) : new byte[length];
                await _tls.ReadExactlyAsync(part, _stop.Token);
                Interlocked.Increment(ref _frames);
                if (header[3] == 0x7 && length >= 8)
                {
                    goAway = BinaryPrimitives.ReadUInt32BigEndian(part.Span[4..]);
                }
                else if (header[3] == 0x4 && (header[4] & 1) == 0)
                {
                    await FrameAsync(0x4, 1, 0, ReadOnlyMemory<byte>.Empty); // acknowledge
                    _settled.TrySetResult();
                }
            }
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException or OperationCanceledException or SocketException)
        {
            _closed.TrySetResult(goAway);
        }
    }
}

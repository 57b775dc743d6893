using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Invoicing.Registers.Lines;
using Invoicing.Testing;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.Tests.Lines;

/// <summary>Half-open connections: the other end is gone and has not said so, or lives and does not read.</summary>
[SupportedOSPlatform("linux")]
public sealed class TcpSilenceTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly Socket _near;
    private readonly Socket _far = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 64 * 1024 };

    public TcpSilenceTests()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        _far.Connect(listener.LocalEndpoint);
        _near = listener.AcceptSocket();
        _near.SendBufferSize = 64 * 1024;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _near.Dispose();
        _far.Dispose();
    }

    [Fact]
    public async Task Keep_alive_is_set_as_the_bounds_say()
    {
        await using TcpConnection connection = new("tcp", _near, _time);

        Assert.Equal(1, _near.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
        Assert.Equal(10, _near.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
        Assert.Equal(5, _near.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval));
        Assert.Equal(3, _near.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount));
        Assert.True(_near.NoDelay);
    }

    [Fact]
    public async Task A_peer_that_lost_its_power_is_seen_by_what_it_leaves_unanswered()
    {
        await using TcpConnection connection = new("tcp", _near, _time, sendings: 2);
        DropAll(_far);
        await connection.WriteAsync("are you there"u8.ToArray(), Cancel).AsTask().Soon();

        await Waiting.Until(
            () =>
            {
                _time.Advance(TcpSilence.CheckInterval);
                return connection.Gone.IsCancellationRequested;
            },
            "seen as gone", TimeSpan.FromSeconds(60));

        Assert.Equal(0, await connection.ReadAsync(new byte[1], Cancel).Soon());
        LineGoneException fault = await Assert.ThrowsAsync<LineGoneException>(() => connection.WriteAsync(new byte[1], Cancel).AsTask());
        Assert.Equal("tcp is gone: the other end has left 2 sendings unanswered; is it switched on and on the network?", fault.Message);
    }

    [Fact]
    public async Task A_peer_that_lives_and_does_not_read_is_waited_for()
    {
        await using TcpConnection connection = new("tcp", _near, _time);
        byte[] sent = new byte[4 * 1024 * 1024];
        Task writing = connection.WriteAsync(sent, Cancel).AsTask();
        await Waiting.Until(() => !_near.Poll(0, SelectMode.SelectWrite), "the kernel's buffers full");

        for (int i = 0; i < 100; i++)
        {
            _time.Advance(TcpSilence.CheckInterval);
        }

        Assert.False(connection.Gone.IsCancellationRequested);
        await using NetworkStream stream = new(_far);
        await stream.ReadExactlyAsync(new byte[sent.Length], Cancel).AsTask().Soon();
        await writing.Soon();
    }

    [Fact]
    public async Task An_end_behind_more_than_may_be_held_is_seen_and_loses_nothing()
    {
        await using TcpConnection connection = new("tcp", _near, _time);
        byte[] sent = new byte[ByteQueue.LineInput + 20_000];
        new Random(6).NextBytes(sent);
        await _far.SendAsync(sent, Cancel).AsTask().Soon();
        _far.Close();
        await Waiting.Until(() => _near.Available == 20_000, "the queue full and the rest left outside");
        Assert.False(connection.Gone.IsCancellationRequested);

        await Waiting.Until(
            () =>
            {
                _time.Advance(TcpSilence.CheckInterval);
                return connection.Gone.IsCancellationRequested;
            },
            "seen as gone");

        LineGoneException fault = await Assert.ThrowsAsync<LineGoneException>(() => connection.WriteAsync(new byte[1], Cancel).AsTask());
        Assert.EndsWith("the other end hung up", fault.Message, StringComparison.Ordinal);
        Assert.Equal(sent, await Reading.ExactlyAsync(connection, sent.Length));
        Assert.Equal(0, await connection.ReadAsync(new byte[1], Cancel).Soon());
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 5, 5, 0, 0, 0, 0 }, TcpHealth.Alive)]
    [InlineData(new byte[] { 1, 0, 6, 0, 0, 0, 0, 0 }, TcpHealth.Silent)]
    [InlineData(new byte[] { 1, 0, 0, 6, 0, 0, 0, 0 }, TcpHealth.Silent)]
    [InlineData(new byte[] { 8, 0, 0, 0, 0, 0, 0, 0 }, TcpHealth.Ended)]
    [InlineData(new byte[] { 7, 0, 0, 0, 0, 0, 0, 0 }, TcpHealth.Ended)]
    [InlineData(new byte[] { 8, 0, 9, 0, 0, 0, 0, 0 }, TcpHealth.Silent)]
    [InlineData(new byte[0], TcpHealth.Alive)]
    internal void The_systems_counts_are_judged(byte[] state, TcpHealth health) => Assert.Equal(health, TcpSilence.Judge(state, TcpSilence.Sendings));

    [Theory]
    [InlineData("127.0.0.1/32", true)]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("127.0.0.2/32", false)]
    [InlineData("::1/128", false)]
    public async Task A_caller_is_allowed_by_any_network_that_holds_its_address(string network, bool isAllowed)
    {
        CountingLog log = new();
        await using TcpServerLine server = new(
            new(IPAddress.Loopback, 0), [IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse(network)], TimeProvider.System, log);
        server.Listen();
        Task<ILineConnection> connecting = server.ConnectAsync(Cancel).AsTask();
        for (int call = 0; call < 3 && !isAllowed; call++)
        {
            using TcpClient refused = new();
            await refused.ConnectAsync(server.Endpoint!, Cancel);
            Assert.Equal(0, await refused.GetStream().ReadAsync(new byte[1], Cancel).AsTask().Soon());
        }

        Assert.Equal(isAllowed ? 0 : 1, log.Refused);
        using TcpClient caller = new();
        await caller.ConnectAsync(server.Endpoint!, Cancel);
        if (isAllowed)
        {
            await using ILineConnection connection = await connecting.Soon();
        }
        else
        {
            Assert.False(connecting.IsCompleted);
        }
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused, "it answers, but nothing listens on that port; is the register switched on, and the port right?")]
    [InlineData(SocketError.HostNotFound, "there is no host of that name; write its address, or see to the name server")]
    [InlineData(SocketError.HostUnreachable, "it cannot be reached; are both ends on the network, and is the address right?")]
    [InlineData(SocketError.TimedOut, "it does not answer; is it switched on and on the network?")]
    public void A_call_that_fails_says_why(SocketError error, string sentence) => Assert.Equal(sentence, TcpFault.OfCall(new SocketException((int)error)));

    [Theory]
    [InlineData(SocketError.AddressNotAvailable, "this machine does not have that address; listen on one of its own, or on 0.0.0.0")]
    [InlineData(SocketError.AccessDenied, "ports below 1024 need a right that this user does not have; choose a higher one")]
    public void A_port_that_cannot_be_listened_on_says_why(SocketError error, string sentence) =>
        Assert.Equal(sentence, TcpFault.OfListening(new SocketException((int)error)));

    /// <summary>The kernel throws away whatever comes for this socket, as if its machine had no power: a filter that lets nothing pass.</summary>
    private static unsafe void DropAll(Socket socket)
    {
        const int SocketLevel = 1;
        const int AttachFilter = 26;

        // struct sock_filter { BPF_RET | BPF_K, 0, 0, 0 bytes } and struct sock_fprog { 1, &filter }.
        byte* filter = stackalloc byte[8] { 0x06, 0, 0, 0, 0, 0, 0, 0 };
        Span<byte> program = stackalloc byte[2 * sizeof(nint)];
        program.Clear();
        MemoryMarshal.Write(program, (ushort)1);
        MemoryMarshal.Write(program[sizeof(nint)..], (nint)filter);
        socket.SetRawSocketOption(SocketLevel, AttachFilter, program);
    }

    private sealed class CountingLog : ILogger<TcpServerLine>
    {
        private int _refused;

        internal int Refused => Volatile.Read(ref _refused);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 1002)
            {
                Interlocked.Increment(ref _refused);
            }
        }
    }
}

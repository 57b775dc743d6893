using System.Net;
using System.Net.Sockets;
using Invoicing.Registers.Lines;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Registers.Tests.Lines;

public sealed class TcpLineTests
{
    private const int MoreThanFits = 8 * 1024 * 1024;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_and_server_lines_pass_bytes_both_ways()
    {
        await using TcpServerLine server = Server();
        server.Listen();
        await using TcpClientLine client = Client(server.Endpoint!.Port);
        await using ILineConnection near = await client.ConnectAsync(Cancel).Soon();
        await using ILineConnection far = await server.ConnectAsync(Cancel).Soon();

        await near.WriteAsync("ping"u8.ToArray(), Cancel).AsTask().Soon();
        Assert.Equal("ping"u8.ToArray(), await Reading.ExactlyAsync(far, 4));
        await far.WriteAsync("pong"u8.ToArray(), Cancel).AsTask().Soon();
        Assert.Equal("pong"u8.ToArray(), await Reading.ExactlyAsync(near, 4));
    }

    [Fact]
    public async Task The_end_of_the_other_side_is_seen_after_what_it_had_sent()
    {
        await using TcpServerLine server = Server();
        server.Listen();
        await using TcpClientLine client = Client(server.Endpoint!.Port);
        ILineConnection near = await client.ConnectAsync(Cancel).Soon();
        await using ILineConnection far = await server.ConnectAsync(Cancel).Soon();
        await near.WriteAsync("bye"u8.ToArray(), Cancel).AsTask().Soon();
        await near.DisposeAsync();

        Assert.Equal("bye"u8.ToArray(), await Reading.ExactlyAsync(far, 3));
        Assert.Equal(0, await far.ReadAsync(new byte[1], Cancel).Soon());
        Assert.True(far.Gone.IsCancellationRequested);
        await Assert.ThrowsAsync<LineGoneException>(() => far.WriteAsync(new byte[1], Cancel).AsTask());
    }

    [Fact]
    public async Task A_newer_call_replaces_the_one_before()
    {
        await using TcpServerLine server = Server();
        server.Listen();
        using TcpClient first = new();
        await first.ConnectAsync(server.Endpoint!, Cancel);
        await using ILineConnection old = await server.ConnectAsync(Cancel).Soon();

        using TcpClient second = new();
        await second.ConnectAsync(server.Endpoint!, Cancel);
        Assert.Equal(0, await old.ReadAsync(new byte[1], Cancel).Soon());

        await using ILineConnection now = await server.ConnectAsync(Cancel).Soon();
        await second.GetStream().WriteAsync("here"u8.ToArray(), Cancel);
        Assert.Equal("here"u8.ToArray(), await Reading.ExactlyAsync(now, 4));
    }

    /// <summary>A till that prints by a call each: more than the queue holds, so that most of it is with the system when the next call comes.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_call_had_sent_is_read_to_its_end_though_a_newer_one_has_come(bool hangsUp)
    {
        await using TcpServerLine server = Server();
        server.Listen();
        using TcpClient first = new();
        await first.ConnectAsync(server.Endpoint!, Cancel);
        await using ILineConnection old = await server.ConnectAsync(Cancel).Soon();
        byte[] sent = new byte[ByteQueue.LineInput + 20_000];
        new Random(3).NextBytes(sent);
        await first.GetStream().WriteAsync(sent, Cancel).AsTask().Soon();
        if (hangsUp)
        {
            first.Close();
        }

        using TcpClient second = new();
        await second.ConnectAsync(server.Endpoint!, Cancel);
        await second.GetStream().WriteAsync("here"u8.ToArray(), Cancel);
        await Waiting.Until(() => old.Gone.IsCancellationRequested, "a writer sees that it ended");

        Assert.Equal(sent, await Reading.ExactlyAsync(old, sent.Length));
        Assert.Equal(0, await old.ReadAsync(new byte[1], Cancel).Soon());
        await Assert.ThrowsAsync<LineGoneException>(() => old.WriteAsync(new byte[1], Cancel).AsTask());
        await using ILineConnection now = await server.ConnectAsync(Cancel).Soon();
        Assert.Equal("here"u8.ToArray(), await Reading.ExactlyAsync(now, 4));
    }

    [Fact]
    public async Task A_call_from_an_address_that_is_not_allowed_is_closed()
    {
        await using TcpServerLine server = new(
            new(IPAddress.Loopback, 0), [IPNetwork.Parse("192.0.2.1/32"), IPNetwork.Parse("198.51.100.0/24")], TimeProvider.System, NullLogger<TcpServerLine>.Instance);
        server.Listen();
        Task<ILineConnection> connecting = server.ConnectAsync(Cancel).AsTask();
        using TcpClient caller = new();
        await caller.ConnectAsync(server.Endpoint!, Cancel);

        Assert.Equal(0, await caller.GetStream().ReadAsync(new byte[1], Cancel).AsTask().Soon());
        Assert.False(connecting.IsCompleted);
    }

    [Fact]
    public async Task A_port_that_is_taken_says_so_and_a_closed_line_ends_its_wait()
    {
        await using TcpServerLine server = Server();
        server.Listen();
        await using TcpServerLine second = new(server.Endpoint!, null, TimeProvider.System, NullLogger<TcpServerLine>.Instance);

        Assert.EndsWith(
            "does not open: another program listens on that port; close it, or choose another port",
            Assert.Throws<LineUnavailableException>(second.Listen).Message, StringComparison.Ordinal);

        using CancellationTokenSource stop = new();
        ValueTask<ILineConnection> connecting = server.ConnectAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.AsTask().Soon());
    }

    [Fact]
    public async Task A_line_that_does_not_open_is_tried_again_with_growing_pauses()
    {
        using TcpListener holder = new(IPAddress.Loopback, 0);
        holder.Start();
        var taken = (IPEndPoint)holder.LocalEndpoint;
        ManualTime time = new();
        await using TcpServerLine line = new(taken, null, time, NullLogger<TcpServerLine>.Instance);
        Task<ILineConnection> connecting = line.ConnectAsync(Cancel).AsTask();
        foreach (int pause in (int[])[250, 500, 1000, 2000, 4000, 5000, 5000])
        {
            await Waiting.Until(() => time.ArmedTimers == 1, "waiting for the next attempt");
            time.Advance(TimeSpan.FromMilliseconds(pause - 1));
            Assert.Equal(1, time.ArmedTimers);
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        await Waiting.Until(() => time.ArmedTimers == 1, "waiting for the next attempt");
        holder.Stop();
        time.Advance(TimeSpan.FromSeconds(5));
        await Waiting.Until(() => line.Endpoint is not null, "listening");
        using TcpClient caller = new();
        await caller.ConnectAsync(taken, Cancel);
        await using ILineConnection connection = await connecting.Soon();
    }

    [Fact]
    public async Task A_client_finds_a_register_that_is_switched_on_later()
    {
        // Bound and not listening: the port is nobody else's, and calls are refused.
        using Socket register = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        register.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        ManualTime time = new();
        OpeningLog<TcpClientLine> log = new();
        await using TcpClientLine client = new("127.0.0.1", ((IPEndPoint)register.LocalEndPoint!).Port, time, log);
        Task<ILineConnection> connecting = client.ConnectAsync(Cancel).AsTask();
        await log.Failed.Soon();
        await Waiting.Until(() => time.ArmedTimers == 1, "waiting for the next attempt");
        Assert.False(connecting.IsCompleted);

        register.Listen();
        time.Advance(ReopeningLine.ShortestPause);
        await using ILineConnection connection = await connecting.Soon();
    }

    [Fact]
    public async Task A_writer_waits_while_the_other_end_does_not_read_and_goes_on_when_it_does()
    {
        (Socket near, Socket far) = await PairAsync();
        using Socket register = far;
        await using TcpConnection connection = new("tcp", near, TimeProvider.System);
        byte[] sent = new byte[MoreThanFits];
        new Random(5).NextBytes(sent);
        Task writing = connection.WriteAsync(sent, Cancel).AsTask();
        await Waiting.Until(() => !near.Poll(0, SelectMode.SelectWrite), "the kernel's buffers full");
        Assert.False(writing.IsCompleted);

        // A writer that did not wait while they were full would not bring all of it.
        byte[] got = new byte[sent.Length];
        await using NetworkStream stream = new(far);
        await stream.ReadExactlyAsync(got, Cancel).AsTask().Soon();
        Assert.True(sent.AsSpan().SequenceEqual(got));
        await writing.Soon();
    }

    [Fact]
    public async Task The_end_of_the_other_side_ends_a_writers_wait()
    {
        (Socket near, Socket far) = await PairAsync();
        await using TcpConnection connection = new("tcp", near, TimeProvider.System);
        Task writing = connection.WriteAsync(new byte[MoreThanFits], Cancel).AsTask();
        await Waiting.Until(() => !near.Poll(0, SelectMode.SelectWrite), "the kernel's buffers full");

        far.Close();

        // A write that had ended before, with most of it unread, would have no fault.
        await Assert.ThrowsAsync<LineGoneException>(() => writing.Soon());
    }

    [Fact]
    public async Task A_connection_with_a_full_queue_can_be_disposed()
    {
        (Socket near, Socket far) = await PairAsync();
        using Socket register = far;
        TcpConnection connection = new("tcp", near, TimeProvider.System);
        await register.SendAsync(new byte[ByteQueue.LineInput + 1000], Cancel).AsTask().Soon();
        await Waiting.Until(() => near.Available == 1000, "the queue full and the rest left outside");

        await connection.DisposeAsync().AsTask().Soon();
    }

    private static TcpServerLine Server() => new(new(IPAddress.Loopback, 0), null, TimeProvider.System, NullLogger<TcpServerLine>.Instance);

    private static TcpClientLine Client(int port) => new("127.0.0.1", port, TimeProvider.System, NullLogger<TcpClientLine>.Instance);

    /// <summary>Both ends of a connection whose buffers hold far less than <see cref="MoreThanFits"/>.</summary>
    private static async Task<(Socket Near, Socket Far)> PairAsync()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Socket far = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 64 * 1024 };
        await far.ConnectAsync(listener.LocalEndpoint, Cancel).AsTask().Soon();
        Socket near = await listener.AcceptSocketAsync(Cancel).AsTask().Soon();
        near.SendBufferSize = 64 * 1024;
        return (near, far);
    }
}

using System.Net.Sockets;
using System.Text;
using Invoicing.Edge.Control;
using Invoicing.Edge.Tests.Commands;
using Invoicing.Testing;

namespace Invoicing.Edge.Tests.Control;

/// <summary>The service's socket, by callers that are not our own, and callers that are not answered.</summary>
public sealed class ControlSocketTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("GET /status HTTP/1.1\r\nHost: edge\r\nConnection: close\r\n\r\n", "\"green\"")]
    [InlineData("GET /held HTTP/1.0\r\n\r\n", "\"held\"")]
    [InlineData("POST /corrections HTTP/1.1\r\nHost: edge\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}", "\"error\"")]
    [InlineData("GET /captures HTTP/1.1\r\nHost: edge\r\n\r\n", "\"error\"")]
    [InlineData("POST /held/7 HTTP/1.1\r\nHost: edge\r\nContent-Length: 0\r\n\r\n", "\"error\"")]
    [InlineData("POST /corrections HTTP/1.1\r\nHost: edge\r\nContent-Length: 2\r\n\r\n{}", "\"error\"")]
    public async Task A_caller_that_closes_its_half_once_it_has_asked_is_answered(string request, string answer)
    {
        await using RunningEdge edge = await RunningEdge.StartAsync();
        using Socket caller = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await caller.ConnectAsync(new UnixDomainSocketEndPoint(edge.Socket)).Soon();

        await using NetworkStream stream = new(caller);
        using StreamReader reader = new(stream);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request)).AsTask().Soon();

        caller.Shutdown(SocketShutdown.Send);

        Assert.Contains(answer, await ReadAsync(reader), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /sta")]
    [InlineData("POST /corrections HTTP/1.1\r\nHost: edge\r\nContent-Length: 200\r\n\r\n{}")]
    public async Task A_caller_that_closes_its_half_before_it_has_asked_is_hung_up_on(string request)
    {
        await using RunningEdge edge = await RunningEdge.StartAsync();
        using Socket caller = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await caller.ConnectAsync(new UnixDomainSocketEndPoint(edge.Socket)).Soon();
        await using NetworkStream stream = new(caller);
        using StreamReader reader = new(stream);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request)).AsTask().Soon();

        caller.Shutdown(SocketShutdown.Send);

        Assert.DoesNotContain("200 OK", await ReadAsync(reader), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_one_sentence_whatever_is_asked()
    {
        string path = _folder.File("deaf.sock");
        using Socket deaf = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        deaf.Bind(new UnixDomainSocketEndPoint(path));
        deaf.Listen(4);
        var limit = TimeSpan.FromMilliseconds(300);

        InvoicingException asked = await Assert.ThrowsAsync<InvoicingException>(() => ControlClient.AskAsync(path, "held", null, default, limit).Soon());
        InvoicingException decided = await Assert.ThrowsAsync<InvoicingException>(() => ControlClient.AskAsync(path, "held/1", "{}", default, limit).Soon());

        Assert.Equal("the edge service has not answered within 0.3 s; look at its log", asked.Message);
        Assert.Equal("the edge service has not answered within 0.3 s; nothing is known, ask 'status'", decided.Message);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_told_no_fault_of_the_service()
    {
        string path = _folder.File("deaf.sock");
        using Socket deaf = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        deaf.Bind(new UnixDomainSocketEndPoint(path));
        deaf.Listen(4);
        using CancellationTokenSource enough = new();
        Task asking = ControlClient.AskAsync(path, "held", null, enough.Token);

        await enough.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.Soon());
    }

    private static async Task<string> ReadAsync(StreamReader reader)
    {
        Task<string> reading = reader.ReadToEndAsync();
        await reading.Soon();
        return await reading;
    }
}

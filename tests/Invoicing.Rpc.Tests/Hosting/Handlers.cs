using Grpc.Core;
using Invoicing.Rpc.Tests.Protocol;

namespace Invoicing.Rpc.Tests.Hosting;

/// <summary>What the service does: as echo.proto says, unless a test puts something else.</summary>
internal sealed class Handlers
{
    public UnaryServerMethod<EchoRequest, EchoReply> Say { get; init; } = SayAsync;

    public ClientStreamingServerMethod<EchoRequest, EchoReply> Collect { get; init; } = CollectAsync;

    public ServerStreamingServerMethod<EchoRequest, EchoReply> Expand { get; init; } = ExpandAsync;

    public DuplexStreamingServerMethod<EchoRequest, EchoReply> Talk { get; init; } = TalkAsync;

    private static async Task<EchoReply> SayAsync(EchoRequest request, ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        await PauseAsync(request, context);
        Fail(request);
        return new EchoReply { Text = request.Text, Payload = request.Payload };
    }

    private static async Task<EchoReply> CollectAsync(IAsyncStreamReader<EchoRequest> requests, ServerCallContext context)
    {
        List<string> texts = [];
        long count = 0;
        long bytes = 0;
        await foreach (EchoRequest request in requests.ReadAllAsync(context.CancellationToken))
        {
            await PauseAsync(request, context);
            Fail(request);
            count++;
            bytes += request.Payload.Length;
            if (request.Text.Length > 0)
            {
                texts.Add(request.Text);
            }
        }

        return new EchoReply { Number = count, Text = string.Join(' ', texts.Append($"({bytes} bytes)")) };
    }

    private static async Task ExpandAsync(EchoRequest request, IServerStreamWriter<EchoReply> replies, ServerCallContext context)
    {
        for (int i = 1; i <= request.Repeat; i++)
        {
            await replies.WriteAsync(new EchoReply { Number = i, Text = request.Text, Payload = request.Payload });
        }

        await PauseAsync(request, context);
        Fail(request);
    }

    private static async Task TalkAsync(
        IAsyncStreamReader<EchoRequest> requests, IServerStreamWriter<EchoReply> replies, ServerCallContext context)
    {
        long number = 0;
        await foreach (EchoRequest request in requests.ReadAllAsync(context.CancellationToken))
        {
            await PauseAsync(request, context);
            Fail(request);
            await replies.WriteAsync(new EchoReply { Number = ++number, Text = request.Text, Payload = request.Payload });
        }
    }

    /// <summary>Brings back "x-h-..." as headers and other "x-..." as trailers.</summary>
    private static async Task EchoMetadataAsync(ServerCallContext context)
    {
        Metadata headers = [];
        foreach (Metadata.Entry entry in context.RequestHeaders.Where(entry => entry.Key.StartsWith("x-", StringComparison.Ordinal)))
        {
            (entry.Key.StartsWith("x-h-", StringComparison.Ordinal) ? headers : context.ResponseTrailers).Add(entry);
        }

        if (headers.Count > 0)
        {
            await context.WriteResponseHeadersAsync(headers);
        }
    }

    private static Task PauseAsync(EchoRequest request, ServerCallContext context) =>
        request.Hang ? Task.Delay(Timeout.Infinite, context.CancellationToken) : Task.CompletedTask;

    private static void Fail(EchoRequest request)
    {
        if (request.FailWith != 0)
        {
            throw new RpcException(new Status((StatusCode)request.FailWith, request.Text));
        }
    }
}

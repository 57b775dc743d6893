using Grpc.Core;
using Invoicing.Rpc.Tests.Protocol;

namespace Invoicing.Rpc.Tests.Hosting;

/// <summary>The service under test; each method does what the test's <see cref="Handlers"/> say.</summary>
internal sealed class EchoServer(Handlers handlers) : EchoService.EchoServiceBase
{
    public override Task<EchoReply> Say(EchoRequest request, ServerCallContext context) => handlers.Say(request, context);

    public override Task<EchoReply> Collect(IAsyncStreamReader<EchoRequest> requestStream, ServerCallContext context) =>
        handlers.Collect(requestStream, context);

    public override Task Expand(EchoRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context) =>
        handlers.Expand(request, responseStream, context);

    public override Task Talk(
        IAsyncStreamReader<EchoRequest> requestStream, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context) =>
        handlers.Talk(requestStream, responseStream, context);
}

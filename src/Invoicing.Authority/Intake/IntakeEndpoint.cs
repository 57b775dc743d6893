using Google.Protobuf;
using Grpc.Core;
using Invoicing.Authority.Ledger;
using Invoicing.Chain;
using Invoicing.Protos.V1;
using Invoicing.Sales;

namespace Invoicing.Authority.Intake;

/// <summary>The service of <c>intake.proto</c>, bound by hand so that batches stay slices of the buffer they came in.</summary>
/// <param name="server">Runs the streams.</param>
/// <param name="grantOf">What was granted to the caller; refuses whoever is no device, with the reason.</param>
[BindServiceMethod(typeof(IntakeEndpoint), nameof(BindService))]
internal sealed class IntakeEndpoint(IntakeServer server, Func<ServerCallContext, EnrolmentGrant> grantOf)
{
    private const string Service = "invoicing.v1.IntakeService";

    private static readonly Method<IntakeFrame, IntakeResponse> SubmitMethod = new(
        MethodType.DuplexStreaming, Service, nameof(Submit),
        Marshallers.Create<IntakeFrame>((_, _) => throw new NotSupportedException("the authority sends no requests"), ReadFrame),
        Marshallers.Create(Write, context => IntakeResponse.Parser.ParseFrom(context.PayloadAsNewBuffer())));

    private static readonly Method<RegisterHistoryRequest, RegisterHistoryResponse> HistoryMethod = new(
        MethodType.Unary, Service, nameof(GetRegisterHistory),
        Marshallers.Create(Write, context => RegisterHistoryRequest.Parser.ParseFrom(context.PayloadAsNewBuffer())),
        Marshallers.Create(Write, context => RegisterHistoryResponse.Parser.ParseFrom(context.PayloadAsNewBuffer())));

    /// <summary>Names the service's methods to the server.</summary>
    public static void BindService(ServiceBinderBase binder, IntakeEndpoint? endpoint)
    {
        binder.AddMethod(SubmitMethod, endpoint is null ? null : new DuplexStreamingServerMethod<IntakeFrame, IntakeResponse>(endpoint.Submit));
        binder.AddMethod(
            HistoryMethod, endpoint is null ? null : new UnaryServerMethod<RegisterHistoryRequest, RegisterHistoryResponse>(endpoint.GetRegisterHistory));
    }

    /// <summary>A device delivers its chain.</summary>
    public Task Submit(IAsyncStreamReader<IntakeFrame> requests, IServerStreamWriter<IntakeResponse> responses, ServerCallContext context) =>
        server.RunAsync(grantOf(context), new(context.Peer, context.GetHttpContext().Abort), requests, responses, context.CancellationToken);

    /// <summary>What the ledger knows of a register of the caller's seller.</summary>
    public async Task<RegisterHistoryResponse> GetRegisterHistory(RegisterHistoryRequest request, ServerCallContext context)
    {
        EnrolmentGrant grant = grantOf(context);
        if (!RegisterId.IsValid(request.Register))
        {
            throw new RpcException(new Status(
                StatusCode.InvalidArgument, $"register: expected 1 to {RegisterId.MaxLength} printable ASCII characters, found '{request.Register}'"));
        }

        string seller = grant.Seller.TaxCode.ToString();
        RegisterHistory history = await server.Readers.UseAsync(
            r => r.ReadRegister(seller, request.Register, request.Epoch), context.CancellationToken);
        return new()
        {
            Known = history.IsKnown,
            EpochKnown = history.IsEpochKnown,
            LastSequence = (ulong)history.LastSequence,
            LastRecordHash = history.LastRecordHash is { } hash ? ByteString.CopyFrom(hash.ToArray()) : ByteString.Empty,
        };
    }

    private static IntakeFrame ReadFrame(DeserializationContext context) => FrameReader.Read(context.PayloadAsNewBuffer());

    private static void Write<T>(T message, SerializationContext context)
        where T : IMessage
    {
        context.SetPayloadLength(message.CalculateSize());
        message.WriteTo(context.GetBufferWriter());
        context.Complete();
    }
}

using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Invoicing.Chain;
using Invoicing.Protos.V1;
using Invoicing.Signing;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Hosting;

/// <summary>A device's side of one Submit call, one message at a time.</summary>
internal sealed class IntakeClient : IDisposable
{
    private readonly AsyncDuplexStreamingCall<IntakeRequest, IntakeResponse> _call;

    public IntakeClient(GrpcChannel channel) =>
        _call = new IntakeService.IntakeServiceClient(channel).Submit(cancellationToken: TestContext.Current.CancellationToken);

    public AsyncDuplexStreamingCall<IntakeRequest, IntakeResponse> Call => _call;

    public static Hello HelloOf(SampleChain chain, ulong cursor = 0) => new()
    {
        Protocol = 1,
        Chain = ByteString.CopyFrom(chain.Id.ToArray()),
        HeadPosition = (ulong)chain.Head.Position,
        HeadHash = chain.Head.Position == 0 ? ByteString.Empty : ByteString.CopyFrom(chain.Head.Hash.ToArray()),
        VerdictCursor = cursor,
        Software = "test 1.0",
        Enrolment = ByteString.CopyFrom(chain.Grant.Bytes.Span),
    };

    public Task SendAsync(Hello hello) => _call.RequestStream.WriteAsync(new() { Hello = hello }, TestContext.Current.CancellationToken).Soon();

    public Task SendAsync(params IEnumerable<SignedEntry> entries)
    {
        var batch = new Batch();
        batch.Entries.AddRange(entries.Select(ToMessage));
        return _call.RequestStream.WriteAsync(new() { Batch = batch }, TestContext.Current.CancellationToken).Soon();
    }

    public static SubmittedEntry ToMessage(SignedEntry entry) => new()
    {
        Body = UnsafeByteOperations.UnsafeWrap(entry.Body),
        Signature = ByteString.CopyFrom(entry.Signature.ToArray()),
    };

    public async Task<IntakeResponse> NextAsync()
    {
        Assert.True(await _call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Soon());
        return _call.ResponseStream.Current;
    }

    public async Task<Welcome> HelloAsync(SampleChain chain, ulong cursor = 0)
    {
        await SendAsync(HelloOf(chain, cursor));
        IntakeResponse response = await NextAsync();
        Assert.Equal(IntakeResponse.ResponseOneofCase.Welcome, response.ResponseCase);
        return response.Welcome;
    }

    /// <summary>Reads until an answer covers a position; gives it with the verdicts that came before it.</summary>
    public async Task<(Answer Answer, List<Protos.V1.SignedVerdict> Verdicts)> AnswerForAsync(long position, ClientBundle bundle)
    {
        var verdicts = new List<Protos.V1.SignedVerdict>();
        while (true)
        {
            IntakeResponse response = await NextAsync();
            if (response.ResponseCase == IntakeResponse.ResponseOneofCase.Verdicts)
            {
                verdicts.AddRange(response.Verdicts.Verdicts_);
                continue;
            }

            Assert.Equal(IntakeResponse.ResponseOneofCase.Answer, response.ResponseCase);
            Chain.Watermark watermark = Verified(response.Answer.Watermark, bundle);
            if (watermark.Position >= position)
            {
                return (response.Answer, verdicts);
            }
        }
    }

    /// <summary>The status that ends the call, behind whatever else comes.</summary>
    public async Task<RpcException> EndAsync()
    {
        while (true)
        {
            try
            {
                if (!await _call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Soon())
                {
                    return new RpcException(_call.GetStatus());
                }
            }
            catch (RpcException end)
            {
                return end;
            }
        }
    }

    public async Task<Refusal> RefusalAsync()
    {
        while (true)
        {
            IntakeResponse response = await NextAsync();
            if (response.ResponseCase == IntakeResponse.ResponseOneofCase.Refusal)
            {
                return response.Refusal;
            }
        }
    }

    /// <summary>What a watermark says, once the domain's own verifier agrees.</summary>
    public static Chain.Watermark Verified(Protos.V1.Watermark message, ClientBundle bundle)
    {
        var statement = new SignedWatermark(
            message.Root.Memory, new(message.Signature.Span), message.Leaf.Memory, (int)message.LeafNumber, message.Path.Memory);
        string? fault = new WatermarkVerifier(EnrolmentGrant.Read(bundle.Enrolment).Anchors.Select(a => VerifyingKey.Import(a.Span)))
            .Verify(statement, out Chain.Watermark? watermark);
        Assert.Null(fault);
        return watermark!;
    }

    public void Dispose() => _call.Dispose();
}

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
    /// <summary>Longer than the authority waits for a machine that does not answer its probe.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

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
        Instance = ByteString.CopyFrom(chain.Instance),
        Proof = ProofOf(chain, PossessionPurpose.Hello, new byte[PossessionProof.NonceLength]),
    };

    /// <summary>By the chain's key in force, with its newest key changes.</summary>
    public static KeyPossession ProofOf(SampleChain chain, PossessionPurpose purpose, ReadOnlySpan<byte> nonce, ISigner? signer = null)
    {
        byte[] statement = purpose == PossessionPurpose.Hello
            ? PossessionProof.HelloStatement(nonce, chain.Id, chain.Head.Position, chain.Head.Hash, chain.Instance)
            : PossessionProof.AliveStatement(nonce, chain.Id);
        var proof = PossessionProof.Make(signer ?? chain.Signer, purpose, statement);
        var message = new KeyPossession
        {
            PublicKey = ByteString.CopyFrom(proof.PublicKey.Span),
            Signature = ByteString.CopyFrom(proof.Signature.ToArray()),
        };
        message.KeyChanges.AddRange(chain.Entries.Where(e => e.Kind == EntryKind.KeyChange).TakeLast(PossessionProof.MaxKeyChanges)
            .Select(e => new KeyChangeEntry { Body = ByteString.CopyFrom(e.Body.Span), Signature = ByteString.CopyFrom(e.Signature.ToArray()) }));
        return message;
    }

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
        Assert.True(await _call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Soon(Patience));
        return _call.ResponseStream.Current;
    }

    /// <summary>Answers the challenge with a proven hello.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="cursor">Last verdict that the device has.</param>
    /// <param name="change">What the test makes of the hello before it goes out.</param>
    /// <param name="signer">Proves the hello instead of the chain's key.</param>
    public async Task GreetAsync(SampleChain chain, ulong cursor = 0, Action<Hello>? change = null, ISigner? signer = null)
    {
        IntakeResponse first = await NextAsync();
        Assert.Equal(IntakeResponse.ResponseOneofCase.Challenge, first.ResponseCase);
        Hello hello = HelloOf(chain, cursor);
        hello.Proof = ProofOf(chain, PossessionPurpose.Hello, first.Challenge.Nonce.Span, signer);
        change?.Invoke(hello);
        await SendAsync(hello);
    }

    public async Task<Welcome> HelloAsync(SampleChain chain, ulong cursor = 0)
    {
        await GreetAsync(chain, cursor);
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
                if (!await _call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Soon(Patience))
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

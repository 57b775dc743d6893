using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Invoicing.Authority.Feed;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Protos.V1;

namespace Invoicing.Benchmarks.Intake;

/// <summary>A device that sends what was made beforehand, on a TLS connection of its own.</summary>
internal sealed class BenchClient : IDisposable
{
    private static readonly Method<byte[], IntakeResponse> Submit = new(
        MethodType.DuplexStreaming, "invoicing.v1.IntakeService", "Submit",
        Marshallers.Create<byte[]>(Write, context => context.PayloadAsNewBuffer()),
        Marshallers.Create<IntakeResponse>((_, _) => throw new NotSupportedException(), c => IntakeResponse.Parser.ParseFrom(c.PayloadAsReadOnlySequence())));

    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<byte[], IntakeResponse> _call;

    public BenchClient(Uri address, ClientBundle bundle)
    {
        _channel = BundleChannel.Open(address, bundle);
        _call = _channel.CreateCallInvoker().AsyncDuplexStreamingCall(Submit, null, default);
    }

    /// <summary>Frames of so many entries each.</summary>
    public static List<(byte[] Frame, long Last)> Frames(IReadOnlyList<SignedEntry> entries, int size)
    {
        var frames = new List<(byte[], long)>();
        foreach (SignedEntry[] part in entries.Chunk(size))
        {
            var batch = new Batch();
            batch.Entries.AddRange(part.Select(e => new SubmittedEntry
            {
                Body = UnsafeByteOperations.UnsafeWrap(e.Body),
                Signature = ByteString.CopyFrom(e.Signature.ToArray()),
            }));
            frames.Add((new IntakeRequest { Batch = batch }.ToByteArray(), part[^1].Position));
        }

        return frames;
    }

    public async Task HelloAsync(SampleChain chain, long headPosition)
    {
        if (!await _call.ResponseStream.MoveNext(CancellationToken.None) || _call.ResponseStream.Current.Challenge is not { } challenge)
        {
            throw new InvalidOperationException($"no challenge: {_call.ResponseStream.Current}");
        }

        var proof = PossessionProof.Make(
            chain.Signer, PossessionPurpose.Hello,
            PossessionProof.HelloStatement(challenge.Nonce.Span, chain.Id, headPosition, chain.Head.Hash, chain.Instance));
        var hello = new Hello
        {
            Protocol = 1,
            Chain = ByteString.CopyFrom(chain.Id.ToArray()),
            HeadPosition = (ulong)headPosition,
            HeadHash = ByteString.CopyFrom(chain.Head.Hash.ToArray()),
            Enrolment = ByteString.CopyFrom(chain.Grant.Bytes.Span),
            Instance = ByteString.CopyFrom(chain.Instance),
            Proof = new()
            {
                PublicKey = ByteString.CopyFrom(proof.PublicKey.Span),
                Signature = ByteString.CopyFrom(proof.Signature.ToArray()),
            },
        };
        await _call.RequestStream.WriteAsync(new IntakeRequest { Hello = hello }.ToByteArray());
        if (!await _call.ResponseStream.MoveNext(CancellationToken.None) || _call.ResponseStream.Current.Welcome is null)
        {
            throw new InvalidOperationException($"not welcome: {_call.ResponseStream.Current}");
        }
    }

    public Task SendAsync(byte[] frame) => _call.RequestStream.WriteAsync(frame);

    /// <summary>The position that the next answer covers.</summary>
    public async Task<long> AnswerAsync()
    {
        if (!await _call.ResponseStream.MoveNext(CancellationToken.None) || _call.ResponseStream.Current.Answer is not { } answer)
        {
            throw new InvalidOperationException($"no answer: {_call.ResponseStream.Current}");
        }

        return (long)answer.JudgedPosition;
    }

    /// <summary>Sends frames with so many entries unanswered, until the last is answered.</summary>
    /// <returns>Entries answered.</returns>
    public async Task<long> DrainAsync(IReadOnlyList<(byte[] Frame, long Last)> frames, long before, int window, Action<long>? progress = null)
    {
        long answered = before;
        long sent = before;
        int next = 0;
        while (true)
        {
            while (next < frames.Count && frames[next].Last - answered <= window)
            {
                await _call.RequestStream.WriteAsync(frames[next].Frame);
                sent = frames[next++].Last;
            }

            if (answered >= sent)
            {
                return answered - before;
            }

            long position = await AnswerAsync();
            progress?.Invoke(position - answered);
            answered = position;
        }
    }

    public void Dispose()
    {
        _call.Dispose();
        _channel.Dispose();
    }

    private static void Write(byte[] frame, SerializationContext context)
    {
        context.SetPayloadLength(frame.Length);
        context.GetBufferWriter().Write(frame);
        context.Complete();
    }
}

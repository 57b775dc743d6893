using Google.Protobuf;
using Grpc.Core;
using Invoicing.Authority.Ledger;
using Invoicing.Chain;
using Invoicing.Protos.V1;

namespace Invoicing.Authority.Intake;

/// <summary>The writing side: effects as messages.</summary>
internal sealed partial class IntakeStream
{
    private async Task WriteAsync(IServerStreamWriter<IntakeResponse> responses, CancellationToken cancellationToken)
    {
        while (await _outbox.TakeAsync() is { Count: > 0 } items)
        {
            foreach (IntakeEffect item in items)
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    return; // nobody reads any more; what is stored stays stored
                }

                if (item is IntakeEffect.CatchUp catchUp)
                {
                    await CatchUpAsync(catchUp, responses);
                }
                else
                {
                    await _patience.UntilTakenAsync(responses.WriteAsync(ToMessage(item), CancellationToken.None));
                }
            }
        }
    }

    private async Task CatchUpAsync(IntakeEffect.CatchUp catchUp, IServerStreamWriter<IntakeResponse> responses)
    {
        long after = catchUp.After;
        while (after < catchUp.Through)
        {
            int limit = (int)Math.Min(IntakeLimits.VerdictsPerMessage, catchUp.Through - after);
            IReadOnlyList<StoredVerdict> page = await _server.Readers.UseAsync(r => r.ReadVerdicts(catchUp.Chain, after, limit));
            if (page.Count == 0)
            {
                throw new LedgerDamagedException($"expected verdict {after + 1} of chain {catchUp.Chain}, found none");
            }

            await _patience.UntilTakenAsync(responses.WriteAsync(ToMessage(new IntakeEffect.Verdicts(page)), CancellationToken.None));
            after = page[^1].Number;
        }
    }

    private IntakeResponse ToMessage(IntakeEffect item) => item switch
    {
        IntakeEffect.Challenge challenge => new() { Challenge = new() { Nonce = Bytes(challenge.Nonce) } },
        IntakeEffect.Probe probe => new() { Probe = new() { Nonce = Bytes(probe.Nonce), Seconds = (uint)ChainClaims.ProbeLimit.TotalSeconds } },
        IntakeEffect.Granted granted => new() { RangeGrant = ToMessage(granted.Outcome) },
        IntakeEffect.Welcome welcome => new() { Welcome = ToMessage(welcome) },
        IntakeEffect.Answer answer => new() { Answer = new() { Watermark = ToMessage(answer.Watermark), JudgedPosition = (ulong)answer.JudgedPosition } },
        IntakeEffect.Verdicts verdicts => new() { Verdicts = ToVerdicts(verdicts) },
        IntakeEffect.Refuse refuse => new() { Refusal = ToMessage(refuse) },
        _ => throw new InvalidOperationException($"{item.GetType().Name} is not sent"),
    };

    private Welcome ToMessage(IntakeEffect.Welcome welcome)
    {
        var message = new Welcome
        {
            VerdictNumber = (ulong)welcome.VerdictNumber,
            WindowEntries = IntakeLimits.WindowEntries,
            WindowBytes = IntakeLimits.WindowBytes,
            LedgerTime = _server.Time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        if (welcome.Watermark is { } known)
        {
            message.Watermark = ToMessage(known);
        }

        return message;
    }

    private static Verdicts ToVerdicts(IntakeEffect.Verdicts verdicts)
    {
        var list = new Verdicts();
        list.Verdicts_.AddRange(verdicts.New.Select(v => new Protos.V1.SignedVerdict
        {
            Body = Bytes(v.Statement.Body),
            Signature = ByteString.CopyFrom(v.Statement.Signature.ToArray()),
        }));
        return list;
    }

    private static Refusal ToMessage(IntakeEffect.Refuse refuse)
    {
        var refusal = new Refusal { Reason = (RefusalReason)refuse.Reason, Position = (ulong)refuse.Position, Text = refuse.Text };
        if (refuse.Watermark is { } stored)
        {
            refusal.Watermark = ToMessage(stored);
        }

        return refusal;
    }

    private static Protos.V1.RangeGrant ToMessage(RangeAnswer answer) => answer.Grant is { } grant
        ? new() { Body = Bytes(grant.Body), Signature = ByteString.CopyFrom(grant.Signature.ToArray()) }
        : new() { Text = answer.Text };

    private static Protos.V1.Watermark ToMessage(SignedWatermark watermark) => new()
    {
        Root = Bytes(watermark.Root),
        Signature = ByteString.CopyFrom(watermark.Signature.ToArray()),
        Leaf = Bytes(watermark.Leaf),
        LeafNumber = (uint)watermark.LeafNumber,
        Path = Bytes(watermark.Path),
    };

    private static ByteString Bytes(ReadOnlyMemory<byte> bytes) => UnsafeByteOperations.UnsafeWrap(bytes);
}

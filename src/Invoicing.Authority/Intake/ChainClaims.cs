using System.Collections.Concurrent;
using System.Security.Cryptography;
using Grpc.Core;
using Invoicing.Chain;

namespace Invoicing.Authority.Intake;

/// <summary>Who delivers which chain. Two machines that both hold a chain's keys are told apart from one that came back.</summary>
/// <remarks>
/// A newer stream of the same run of a program fences the older one at once: the device itself says that it lost it. Another run must wait until
/// the older stream has been asked whether it lives: a device that was switched off answers no more, one that was copied does. All judging runs
/// on the pool and under no stream's lock, so that two streams never wait for each other. Any number of threads.
/// </remarks>
/// <param name="time">Clock and timers.</param>
/// <param name="alarm">Told of each copy: the device's grant and a sentence.</param>
internal sealed class ChainClaims(TimeProvider time, Action<EnrolmentGrant, string> alarm)
{
    /// <summary>How long an older stream may take to answer: longer than a line with a lot under way needs, shorter than a cashier's patience.</summary>
    public static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ChainId, IntakeStream> _holders = new();
    private readonly ConcurrentDictionary<ChainId, Claim> _claims = new();

    /// <summary>Asks whether a stream may have its chain; the answer comes as <see cref="IntakeInput.Claimed"/>.</summary>
    public void Ask(ChainId chain, IntakeStream newcomer) =>
        ThreadPool.UnsafeQueueUserWorkItem(static ask => ask.Claims.Judge(ask.Chain, ask.Newcomer), (Claims: this, Chain: chain, Newcomer: newcomer), preferLocal: false);

    /// <summary>The stream that holds a chain lives.</summary>
    public void IsAlive(ChainId chain) =>
        ThreadPool.UnsafeQueueUserWorkItem(static alive => alive.Claims.Decide(alive.Chain, claim: null, isAlive: true), (Claims: this, Chain: chain), preferLocal: false);

    /// <summary>Makes a stream the holder of its chain and ends the one before it: its frames that are not with the writer yet go nowhere.</summary>
    public void Fence(ChainId chain, IntakeStream stream)
    {
        IntakeStream? older = null;
        _holders.AddOrUpdate(chain, stream, (_, current) =>
        {
            older = current;
            return stream;
        });
        if (older is not null && older != stream)
        {
            older.Stop(StatusCode.Aborted, "fenced by a newer hello of the same chain", isGraceful: false);
        }
    }

    /// <summary>A stream is over.</summary>
    public void Leave(ChainId chain, IntakeStream stream)
    {
        if (_holders.TryRemove(new(chain, stream)))
        {
            // Whoever claims the chain just now need not wait for an answer that cannot come.
            Decide(chain, claim: null, isAlive: false);
        }
    }

    private void Judge(ChainId chain, IntakeStream newcomer)
    {
        if (!_holders.TryGetValue(chain, out IntakeStream? holder) || holder == newcomer || holder.Instance.Span.SequenceEqual(newcomer.Instance.Span))
        {
            newcomer.Tell(new IntakeInput.Claimed(null));
            return;
        }

        var claim = new Claim(newcomer, holder);
        if (!_claims.TryAdd(chain, claim))
        {
            newcomer.Tell(new IntakeInput.Claimed(new(
                StatusCode.Unavailable, $"another hello of chain {chain} is being judged: try again in {ProbeLimit.TotalSeconds} s")));
            return;
        }

        claim.Timer = time.CreateTimer(_ => Decide(chain, claim, isAlive: false), null, ProbeLimit, Timeout.InfiniteTimeSpan);
        holder.Tell(new IntakeInput.Probed(RandomNumberGenerator.GetBytes(PossessionProof.NonceLength)));
        if (!_holders.ContainsKey(chain))
        {
            Decide(chain, claim, isAlive: false); // it left before it was asked
        }
    }

    private void Decide(ChainId chain, Claim? claim, bool isAlive)
    {
        if (!_claims.TryGetValue(chain, out Claim? current) || (claim is not null && claim != current) || !_claims.TryRemove(new(chain, current)))
        {
            return;
        }

        current.Timer?.Dispose();
        if (!isAlive)
        {
            current.Newcomer.Tell(new IntakeInput.Claimed(null));
            return;
        }

        string text = $"chain {chain} of device '{current.Holder.Grant.Device}' is delivered by another machine, which is alive "
            + $"(at {current.Holder.Peer}; this one calls from {current.Newcomer.Peer}): one of the two is a copy; switch it off, or let the authority revoke the device";
        current.Newcomer.Tell(new IntakeInput.Claimed(new(StatusCode.AlreadyExists, text)));
        alarm(current.Holder.Grant, text);
    }

    /// <summary>One that wants a chain, and one that has it.</summary>
    private sealed class Claim(IntakeStream newcomer, IntakeStream holder)
    {
        public IntakeStream Newcomer { get; } = newcomer;

        public IntakeStream Holder { get; } = holder;

        public ITimer? Timer { get; set; }
    }
}

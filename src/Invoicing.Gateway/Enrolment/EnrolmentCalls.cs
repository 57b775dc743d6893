using System.Security.Authentication;
using Google.Protobuf;
using Grpc.Core;
using Invoicing.Chain;
using Wire = Invoicing.Protos.V1;

namespace Invoicing.Gateway.Enrolment;

/// <summary>Calls of the enrolment service: bounded in time, and each failure as one sentence.</summary>
internal static class EnrolmentCalls
{
    /// <summary>An authority answers in milliseconds; half a minute is more than any load or line explains.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Makes a call.</summary>
    /// <param name="authority">Whom it goes to, for the sentence.</param>
    /// <param name="time">Timers.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EnrolmentFailedException">It failed.</exception>
    public static async Task<T> AskAsync<T>(
        Uri authority, TimeProvider time, Func<CancellationToken, AsyncUnaryCall<T>> call, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using AsyncUnaryCall<T> under = call(either.Token);
            return await under.ResponseAsync.ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is RpcException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw timeout.IsCancellationRequested
                ? new EnrolmentFailedException($"{authority} has not answered for {Timeout.TotalSeconds} s; try again", EnrolmentFailure.NoAnswer, fault)
                : Explain(authority, (RpcException)fault);
        }
    }

    /// <summary>A proof as the service takes it.</summary>
    public static Wire.KeyPossession Of(PossessionProof proof)
    {
        var wire = new Wire.KeyPossession
        {
            PublicKey = ByteString.CopyFrom(proof.PublicKey.Span),
            Signature = ByteString.CopyFrom(proof.Signature.ToArray()),
        };
        wire.KeyChanges.AddRange(proof.KeyChanges.Select(change => new Wire.KeyChangeEntry
        {
            Body = ByteString.CopyFrom(change.Body.Span),
            Signature = ByteString.CopyFrom(change.Signature.ToArray()),
        }));
        return wire;
    }

    private static EnrolmentFailedException Explain(Uri authority, RpcException fault)
    {
        for (Exception? cause = fault.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException { InnerException: null } refused)
            {
                return new($"{authority} is not trusted: {refused.Message}", EnrolmentFailure.NotTrusted, fault);
            }
        }

        string detail = fault.Status.Detail;
        return fault.StatusCode switch
        {
            StatusCode.PermissionDenied or StatusCode.Unauthenticated => new($"the authority refuses: {detail}", EnrolmentFailure.Refused, fault),
            StatusCode.InvalidArgument => new($"the authority does not take the request: {detail}", EnrolmentFailure.Malformed, fault),
            StatusCode.ResourceExhausted => new($"the authority takes no more tries for now: {detail}", EnrolmentFailure.NoAnswer, fault),
            StatusCode.Unimplemented => new(
                $"{authority} does not enrol devices: is it the authority's address, and the authority of this version?", EnrolmentFailure.Refused, fault),
            _ => new($"{authority} cannot be reached: {fault.StatusCode}: {detail}", EnrolmentFailure.NoAnswer, fault),
        };
    }
}

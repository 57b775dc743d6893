namespace Grpc.Core;

/// <summary>What a propagation token would carry over; see <see cref="ContextPropagationToken"/>.</summary>
/// <param name="propagateDeadline">The deadline goes along.</param>
/// <param name="propagateCancellation">Cancellation goes along.</param>
internal sealed class ContextPropagationOptions(bool propagateDeadline = true, bool propagateCancellation = true)
{
    /// <summary>The deadline goes along.</summary>
    public bool IsPropagateDeadline { get; } = propagateDeadline;

    /// <summary>Cancellation goes along.</summary>
    public bool IsPropagateCancellation { get; } = propagateCancellation;
}

namespace Invoicing.Gateway.Recording;

/// <summary>Whether sales are recorded, and if not, why and what to do.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">Why, for people; <see langword="null"/> when on.</param>
/// <param name="WayOut">What ends it; <see langword="null"/> when on.</param>
public sealed record RecordingStatus(RecordingState State, string? Reason = null, string? WayOut = null)
{
    /// <summary>All is well.</summary>
    public static RecordingStatus On { get; } = new(RecordingState.On);
}

namespace Invoicing.Gateway.Captures;

/// <summary>Whether captured pieces are kept.</summary>
public enum CaptureState
{
    /// <summary>They are.</summary>
    Open,

    /// <summary>
    /// There is no more room: new ones are refused until old ones are deleted (<see cref="CaptureStore.PruneAsync"/>). Judging goes on.
    /// </summary>
    Full,

    /// <summary>A write failed, and nothing is written any more until the process is started again.</summary>
    Failed,
}

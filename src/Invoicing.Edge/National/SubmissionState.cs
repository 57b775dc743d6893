namespace Invoicing.Edge.National;

/// <summary>How far a message is. The numbers stand in the file and never change.</summary>
/// <remarks>
/// Made → (999, taken) → Taken → (204, 301) → Checked; made or taken → (999, error) → Refused → (204) → Checked. A 999 about a message that was
/// checked changes nothing: it answers a second sending of it.
/// </remarks>
internal enum SubmissionState
{
    /// <summary>Written and signed; nothing was heard of it.</summary>
    Made = 1,

    /// <summary>A 999 says that it came.</summary>
    Taken = 2,

    /// <summary>A 999 says that it cannot be read.</summary>
    Refused = 3,

    /// <summary>A 204 or 301 says what of it is in order.</summary>
    Checked = 4,
}

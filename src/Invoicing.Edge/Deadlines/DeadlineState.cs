namespace Invoicing.Edge.Deadlines;

/// <summary>How the nearest deadline stands. The names stand in <c>status --json</c> and never change.</summary>
internal enum DeadlineState
{
    /// <summary>There is time, or all that waits is on its way.</summary>
    Ok,

    /// <summary>It is near, and invoices wait that are not on their way.</summary>
    Warning,

    /// <summary>It has passed, and an invoice waits that should have been with the authority.</summary>
    Missed,
}

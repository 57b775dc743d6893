namespace Invoicing.Registers.EscPos.Tap;

/// <summary>What a piece of the stream did to the job that is being put together.</summary>
internal enum JobStep
{
    /// <summary>It goes on.</summary>
    Goes,

    /// <summary>It ended.</summary>
    Ended,

    /// <summary>Something ended that put nothing on paper: a cut of nothing, a drawer opened.</summary>
    Service,
}

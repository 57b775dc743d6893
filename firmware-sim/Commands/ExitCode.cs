namespace FirmwareSim.Commands;

/// <summary>What the process says when it ends.</summary>
internal static class ExitCode
{
    /// <summary>All done: everything that was rung up has its result.</summary>
    public const int Done = 0;

    /// <summary>A fault of the world: journal, line, disk.</summary>
    public const int Fault = 1;

    /// <summary>A setting that cannot be used.</summary>
    public const int Usage = 2;

    /// <summary>Ended from outside while records were still without a result.</summary>
    public const int Interrupted = 130;
}

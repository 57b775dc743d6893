namespace Invoicing.Edge.Commands;

/// <summary>What the program's end says to scripts and service managers.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int BadSettings = 1;
    public const int Unsound = 2;
    public const int NotRunning = 3;

    /// <summary>EX_SOFTWARE of sysexits.h: a write failed; a service manager may start the edge again, which verifies the journal's tail.</summary>
    public const int RecordingFailed = 70;
}

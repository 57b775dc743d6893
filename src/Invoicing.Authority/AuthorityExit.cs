namespace Invoicing.Authority;

/// <summary>Exit codes of the program.</summary>
internal static class AuthorityExit
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary><c>verify</c> or <c>feed --verify</c> found something that does not hold.</summary>
    public const int Found = 1;

    /// <summary>Arguments, configuration or files are not as they must be.</summary>
    public const int Usage = 2;

    /// <summary>The disk failed while writing; what is durable is found at the next start.</summary>
    public const int Storage = 3;

    /// <summary>A peer could not be reached, or refused.</summary>
    public const int Peer = 4;

    /// <summary>Ends the process now: no answer may go out behind a commit whose outcome is not known.</summary>
    public static void OnStorageFault(Exception fault)
    {
        Console.Error.WriteLine($"authority: the ledger cannot be written, ending: {fault.Message}");
        Environment.Exit(Storage);
    }
}

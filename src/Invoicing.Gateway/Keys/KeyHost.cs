using Invoicing.Gateway.Keys.Tokens;

namespace Invoicing.Gateway.Keys;

/// <summary>A process that does nothing but use one key on one token, for the program that started it.</summary>
/// <remarks>
/// Libraries of token makers crash, hang, keep sessions of a token that was pulled out, and print. In a process of their own they take nothing
/// with them: it is killed and started anew. The PIN comes over standard input, never as an argument or in the environment. Ends when its
/// standard input does.
/// </remarks>
public static class KeyHost
{
    /// <summary>Serves the program at the other end of standard input and output, and then ends this process.</summary>
    /// <returns>Never, but for systems without tokens: a code that is not 0.</returns>
    public static int Serve() => OperatingSystem.IsWindows() ? 1 : TokenServer.Run();
}

using System.Security.Cryptography;
using System.Text;

namespace Invoicing.Edge.Api;

/// <summary>The secret that callers of the API show, kept in a file that only its owner reads.</summary>
/// <remarks>Every user of the machine reaches a loopback port; only who may read the file may ring up sales.</remarks>
internal sealed class ApiToken
{
    /// <summary>Fewest characters of a token: 128 bits as hexadecimal digits.</summary>
    private const int Shortest = 32;

    private const int Longest = 512;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly byte[] _hash;

    private ApiToken(string token) => _hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Reads the token, and makes a random one where there is none.</summary>
    /// <exception cref="InvoicingException">The file cannot be read or written, is open to other users, or holds no token.</exception>
    public static ApiToken Load(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                Create(path);
            }

            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) is var open and not UnixFileMode.None)
            {
                throw new InvoicingException($"{path}: expected a token that only its owner may read, found it open ({open}); run: chmod 600 {path}");
            }

            string token = File.ReadAllText(path).Trim();
            return token.Length is >= Shortest and <= Longest && !token.AsSpan().ContainsAnyExceptInRange('!', '~')
                ? new(token)
                : throw new InvoicingException(
                    $"{path}: expected a token of {Shortest} to {Longest} printable characters without blanks, found something else; delete the file to have one made");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvoicingException($"{path}: expected to read or make the API's token: {fault.Message}", innerException: fault);
        }
    }

    /// <summary>Whether a request shows the token, as <c>Authorization: Bearer …</c>. Takes the same time for every wrong one.</summary>
    public bool IsShownBy(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        string header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && header.Length - Scheme.Length is >= Shortest and <= Longest
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..])), _hash);
    }

    private static void Create(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(64, lowercase: true) + "\n"));
    }
}

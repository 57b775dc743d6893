using System.Security.Cryptography;
using System.Text.Unicode;
using Microsoft.Win32.SafeHandles;

namespace Invoicing.Gateway.Keys;

/// <summary>Reads a secret from the first line of a file that only its owner can read.</summary>
internal static class SecretFile
{
    /// <summary>Most bytes of a file: a line that a person typed, or 64 random bytes in hexadecimal.</summary>
    private const int MaxLength = 1024;

    /// <summary>Reads it. The caller wipes what it gets.</summary>
    /// <param name="path">The file; what systemd hands over as a credential is guarded by its folder and judged by that.</param>
    /// <param name="what">What it holds, for people: <c>secret</c>, <c>PIN</c>.</param>
    /// <param name="least">Fewest bytes.</param>
    /// <exception cref="InvoicingException">Not there, readable by others, or no such line; never says what is in it.</exception>
    public static byte[] Read(string path, string what, int least)
    {
        byte[] bytes = [];
        try
        {
            if (!IsCredential(path))
            {
                OwnerOnly.Require(path);
            }

            using SafeFileHandle file = File.OpenHandle(path);
            bytes = new byte[MaxLength + 1];
            int length = 0;
            for (int read = 1; read > 0 && length < bytes.Length; length += read)
            {
                read = RandomAccess.Read(file, bytes.AsSpan(length), length);
            }

            ReadOnlySpan<byte> content = bytes.AsSpan(0, length);
            int end = content.IndexOfAny((byte)'\n', (byte)'\r');
            ReadOnlySpan<byte> line = end < 0 ? content : content[..end];
            return length <= MaxLength && line.Length >= least && Utf8.IsValid(line)
                ? line.ToArray()
                : throw new InvoicingException($"{path}: expected a {what} of {least} to {MaxLength} bytes of text in the first line, found another length, or no text");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvoicingException($"{path}: the {what} cannot be read: {fault.Message}", innerException: fault);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static bool IsCredential(string path) =>
        Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is { Length: > 0 } folder
        && Path.GetDirectoryName(Path.GetFullPath(path)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
}

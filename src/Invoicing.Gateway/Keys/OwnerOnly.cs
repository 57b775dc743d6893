using System.Runtime.InteropServices;

namespace Invoicing.Gateway.Keys;

/// <summary>Demands that a file with something secret is this user's and can be read by nobody else.</summary>
/// <remarks>On Windows a file has the rights of its folder, and what guards a key there is DPAPI: nothing is asked.</remarks>
internal static partial class OwnerOnly
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint UserId = 0x8; // STATX_UID

    /// <summary>Checks.</summary>
    /// <exception cref="InvoicingException">Others can read or write it, or it is somebody else's; says what to do.</exception>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    public static void Require(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        UnixFileMode mode = File.GetUnixFileMode(path);
        if ((mode & Others) != UnixFileMode.None)
        {
            throw new InvoicingException(
                $"{path}: expected a file that only its owner can read (mode 600), found mode {Convert.ToString((int)mode, 8)}; "
                + $"run 'chmod 600 {path}', and change what is in it if others may have read it");
        }

        if (OperatingSystem.IsLinux() && OwnerOf(path) is uint owner && owner != EffectiveUser())
        {
            throw new InvoicingException(
                $"{path}: expected a file of the user that runs this program (id {EffectiveUser()}), found one of user {owner}; run 'chown {EffectiveUser()} {path}'");
        }
    }

    /// <summary>statx rather than stat: its structure is the same on every processor.</summary>
    private static uint OwnerOf(string path)
    {
        Span<byte> status = stackalloc byte[256];
        status.Clear();
        return StatX(CurrentFolder, path, 0, UserId, status) == 0
            ? MemoryMarshal.Read<uint>(status[20..]) // stx_uid
            : throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FirmwareSim.Lines;

/// <summary>The few system calls that .NET does not offer. Linux numbers; source: the manual pages named at each.</summary>
internal static partial class Libc
{
    public const int Eintr = 4;
    public const int Eio = 5;
    public const int Eagain = 11;

    public const int PollIn = 0x1;
    public const int PollOut = 0x4;
    public const int PollErr = 0x8;
    public const int PollHup = 0x10;

    // open(2), fcntl(2)
    public const int OpenReadOnly = 0;
    public const int OpenReadWrite = 2;
    public const int OpenNoControllingTerminal = 0x100;
    public const int OpenNonBlocking = 0x800;
    public const int OpenCloseOnExec = 0x80000;
    public const int OpenDirectory = 0x10000;
    public const int OpenDirectoryArm = 0x4000;

    // inotify(7)
    public const uint NotifyOpen = 0x20;

    // epoll(7)
    public const int EpollCloseOnExec = 0x80000;
    public const int EpollAdd = 1;
    public const int EpollDelete = 2;
    public const int EpollModify = 3;
    public const uint EpollOneShot = 1u << 30;

    // tcsetattr(3): change now
    public const int SetNow = 0;

    // glibc's struct termios has 60 bytes; this is opaque room for it.
    public const int TermiosRoom = 128;

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    public static partial int OpenPseudoTerminal(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    public static partial int GrantPseudoTerminal(int master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    public static partial int UnlockPseudoTerminal(int master);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    public static unsafe partial int PseudoTerminalName(int master, byte* name, nuint length);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    public static unsafe partial int GetTerminal(int terminal, byte* termios);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    public static unsafe partial int SetTerminal(int terminal, int when, byte* termios);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    public static unsafe partial void MakeRaw(byte* termios);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static unsafe partial nint Read(int file, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static unsafe partial nint Write(int file, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static unsafe partial int Poll(PollItem* items, nuint count, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    public static partial int NotifyCreate(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int NotifyWatch(int notify, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static unsafe partial int EpollControl(int epoll, int operation, int file, byte* item);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static unsafe partial int EpollWait(int epoll, byte* items, int count, int timeoutMs);

    /// <summary>Makes a rename in this folder last through a power cut.</summary>
    public static void SyncFolder(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        int directory = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? OpenDirectoryArm : OpenDirectory;
        int file = Open(folder, OpenReadOnly | directory | OpenCloseOnExec);
        if (file < 0)
        {
            throw Failed("open", folder);
        }

        try
        {
            if (Sync(file) != 0)
            {
                throw Failed("fsync", folder);
            }
        }
        finally
        {
            _ = Close(file);
        }
    }

    public static IOException Failed(string call, string on)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} {on}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error})");
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct PollItem
    {
        public int File;
        public short Wanted;
        public short Found;
    }
}

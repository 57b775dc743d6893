using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Invoicing.Registers.Lines.Native;

/// <summary>The few calls of Linux' C library that a serial line needs. Numbers are those of x86, ARM, RISC-V and LoongArch.</summary>
[SupportedOSPlatform("linux")]
internal static partial class Libc
{
    internal const int OpenReadWrite = 0x2;
    internal const int OpenNoControllingTerminal = 0x100;
    internal const int OpenNonBlocking = 0x800;
    internal const int OpenCloseOnExec = 0x80000;

    internal const int LockExclusive = 2;
    internal const int LockNonBlocking = 4;

    internal const short PollIn = 0x1;
    internal const short PollOut = 0x4;
    internal const short PollError = 0x8;
    internal const short PollHangUp = 0x10;
    internal const short PollInvalid = 0x20;

    internal const int EventNonBlocking = 0x800;
    internal const int EventCloseOnExec = 0x80000;

    internal const uint GetTermios2 = 0x802C542A;
    internal const uint SetTermios2 = 0x402C542B;
    internal const uint SetExclusive = 0x540C;
    internal const uint Flush = 0x540B;
    internal const nint FlushInput = 0;

    internal const int CurrentFolder = -100;
    internal const uint BasicStatus = 0x7FF;

    internal const int NotPermitted = 1;
    internal const int NoSuchEntry = 2;
    internal const int Interrupted = 4;
    internal const int InputOutputError = 5;
    internal const int NoSuchDevice = 6;
    internal const int TryAgain = 11;
    internal const int PermissionDenied = 13;
    internal const int Busy = 16;
    internal const int NoDevice = 19;
    internal const int IsAFolder = 21;
    internal const int Invalid = 22;
    internal const int NotATerminal = 25;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    internal static partial SafeFileHandle EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    internal static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Ioctl(SafeFileHandle file, nuint request, ref Termios2 settings);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Ioctl(SafeFileHandle file, nuint request, nint argument);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static unsafe partial int Status(int folder, string path, int flags, uint mask, FileStatus* status);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static unsafe partial int Poll(PollItem* items, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static unsafe partial nint Read(SafeFileHandle file, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static unsafe partial nint Write(SafeFileHandle file, byte* buffer, nuint count);
}

using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Invoicing.Registers.Lines.Windows;

/// <summary>The few calls of Win32 that a serial line needs.</summary>
[SupportedOSPlatform("windows")]
internal static partial class Kernel32
{
    internal const uint ReadAndWrite = 0xC0000000;
    internal const uint Exclusive = 0;
    internal const uint OpenExisting = 3;
    internal const uint Overlapped = 0x40000000;

    internal const uint DropReads = 0x2;
    internal const uint DropInput = 0x8;

    [LibraryImport("kernel32", EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    internal static partial SafeFileHandle CreateFile(
        string name, uint access, uint share, nint security, uint disposition, uint flags, nint template);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool SetupComm(SafeFileHandle file, uint inputQueue, uint outputQueue);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool SetCommState(SafeFileHandle file, in DeviceControlBlock settings);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool GetCommState(SafeFileHandle file, ref DeviceControlBlock settings);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool SetCommTimeouts(SafeFileHandle file, in ReadTimeouts timeouts);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool PurgeComm(SafeFileHandle file, uint what);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool ClearCommError(SafeFileHandle file, out uint errors, out PortQueues queues);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static unsafe partial bool ReadFile(SafeFileHandle file, byte* buffer, uint count, nint read, NativeOverlapped* overlapped);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static unsafe partial bool WriteFile(SafeFileHandle file, byte* buffer, uint count, nint written, NativeOverlapped* overlapped);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static unsafe partial bool GetOverlappedResult(
        SafeFileHandle file, NativeOverlapped* overlapped, out uint count, [MarshalAs(UnmanagedType.Bool)] bool wait);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static unsafe partial bool CancelIoEx(SafeFileHandle file, NativeOverlapped* overlapped);
}

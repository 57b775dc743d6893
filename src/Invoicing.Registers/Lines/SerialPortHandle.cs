using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Invoicing.Registers.Lines.Native;
using Microsoft.Win32.SafeHandles;

namespace Invoicing.Registers.Lines;

/// <summary>An open, locked and set serial port. Closing gives back every lock.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SerialPortHandle : IDisposable
{
    private readonly UucpLock? _lock;

    private SerialPortHandle(SafeFileHandle file, UucpLock? uucp)
    {
        File = file;
        _lock = uucp;
    }

    internal SafeFileHandle File { get; }

    /// <summary>Opens in this order: lock file, device, lock of the device, exclusive use, settings. What fails gives back what was taken.</summary>
    /// <remarks>
    /// Three locks, as none is enough: the lock file is for terminal programs, TIOCEXCL for every program that is not root's, and flock
    /// for root's and for our own.
    /// </remarks>
    /// <exception cref="LineUnavailableException">With what was found and what to do.</exception>
    internal static SerialPortHandle Open(SerialLineOptions options)
    {
        var uucp = UucpLock.Take(options);
        SafeFileHandle? file = null;
        try
        {
            file = OpenDevice(options.Path);
            LockDevice(file, options.Path);
            Set(file, options);
            return new(file, uucp);
        }
        catch
        {
            file?.Dispose();
            uucp?.Dispose();
            throw;
        }
    }

    /// <summary>Drops what came in before: half a frame, boot messages, what was meant for an earlier program.</summary>
    internal void DropInput() => _ = Libc.Ioctl(File, Libc.Flush, Libc.FlushInput);

    public void Dispose()
    {
        File.Dispose();
        _lock?.Dispose();
    }

    private static SafeFileHandle OpenDevice(string path)
    {
        SafeFileHandle file = Libc.Open(
            path, Libc.OpenReadWrite | Libc.OpenNoControllingTerminal | Libc.OpenNonBlocking | Libc.OpenCloseOnExec);
        if (!file.IsInvalid)
        {
            return file;
        }

        int error = Marshal.GetLastPInvokeError();
        file.Dispose();
        throw new LineUnavailableException(path, error switch
        {
            Libc.NoSuchEntry => "there is no such device; is it plugged in and switched on?",
            Libc.NoSuchDevice or Libc.NoDevice or Libc.InputOutputError => "the device node is there, but no device behind it",
            Libc.PermissionDenied => $"no permission; add the user {Environment.UserName} to the group that owns it (usually dialout)",
            Libc.Busy => $"in use by {PortHolder.Find(path)}",
            _ => Marshal.GetPInvokeErrorMessage(error),
        });
    }

    private static void LockDevice(SafeFileHandle file, string path)
    {
        if (Libc.Lock(file, Libc.LockExclusive | Libc.LockNonBlocking) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw new LineUnavailableException(
                path, error == Libc.TryAgain ? $"in use by {PortHolder.Find(path, file)}" : $"flock: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        if (Libc.Ioctl(file, Libc.SetExclusive, 0) != 0)
        {
            throw NotSet(path, "TIOCEXCL");
        }
    }

    private static void Set(SafeFileHandle file, SerialLineOptions options)
    {
        var wanted = Termios2.Raw(options);
        if (Libc.Ioctl(file, Libc.SetTermios2, ref wanted) != 0)
        {
            throw NotSet(options.Path, "TCSETS2");
        }

        // The call succeeds if anything could be set, so what the driver made of it has to be read back.
        Termios2 actual = default;
        if (Libc.Ioctl(file, Libc.GetTermios2, ref actual) != 0)
        {
            throw NotSet(options.Path, "TCGETS2");
        }

        long off = Math.Abs((long)actual.OutputSpeed - options.Speed);
        if (off * 100 > 3L * options.Speed)
        {
            throw new LineUnavailableException(
                options.Path, $"the adapter cannot do {options.Speed} bits per second, it offers {actual.OutputSpeed}; choose another Speed");
        }
    }

    private static LineUnavailableException NotSet(string path, string call)
    {
        int error = Marshal.GetLastPInvokeError();
        string reason = error == Libc.NotATerminal ? "it is not a serial port" : $"{call}: {Marshal.GetPInvokeErrorMessage(error)}";
        return new(path, reason);
    }
}

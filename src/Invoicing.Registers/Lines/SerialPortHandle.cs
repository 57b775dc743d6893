using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Invoicing.Registers.Lines.Native;
using Microsoft.Win32.SafeHandles;

namespace Invoicing.Registers.Lines;

/// <summary>An open, locked and set serial port. Closing gives back every lock.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SerialPortHandle : IDisposable
{
    private const string NothingBehind = "the device node is there, but no device behind it; choose the port that the adapter or UART has";

    private readonly UucpLock? _lock;

    private SerialPortHandle(PortPlace place, SafeFileHandle file, UucpLock? uucp)
    {
        Place = place;
        File = file;
        _lock = uucp;
    }

    /// <summary>What was opened.</summary>
    internal PortPlace Place { get; }

    internal SafeFileHandle File { get; }

    /// <summary>Opens in this order: lock file, device, lock of the device, exclusive use, settings. What fails gives back what was taken.</summary>
    /// <remarks>
    /// Three locks, as none is enough: the lock file is for terminal programs, TIOCEXCL for every program that is not root's, and flock
    /// for root's and for our own.
    /// </remarks>
    /// <param name="options">How to set it.</param>
    /// <param name="node">The node that the options' path stands for now; <see langword="null"/> where the path is the node.</param>
    /// <exception cref="LineUnavailableException">With what was found and what to do.</exception>
    internal static SerialPortHandle Open(SerialLineOptions options, string? node = null)
    {
        PortPlace place = new(options.Path, node ?? options.Path);
        var uucp = UucpLock.Take(place, options.LockFolder);
        SafeFileHandle? file = null;
        try
        {
            file = OpenDevice(place);
            LockDevice(file, place);
            Set(file, place, options);
            return new(place, file, uucp);
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

    private static SafeFileHandle OpenDevice(PortPlace place)
    {
        SafeFileHandle file = Libc.Open(
            place.Node, Libc.OpenReadWrite | Libc.OpenNoControllingTerminal | Libc.OpenNonBlocking | Libc.OpenCloseOnExec);
        if (!file.IsInvalid)
        {
            return file;
        }

        int error = Marshal.GetLastPInvokeError();
        file.Dispose();
        throw place.Unavailable(error switch
        {
            Libc.NoSuchEntry => "there is no such device; is it plugged in and switched on?",
            Libc.NoSuchDevice or Libc.NoDevice or Libc.InputOutputError => NothingBehind,
            Libc.PermissionDenied => PortPermission.Explain(place.Node),
            Libc.NotPermitted => "the system forbids it to this program; a container needs --device, a systemd service DeviceAllow",
            Libc.IsAFolder => "it is a folder, not a serial port",
            Libc.Busy => $"in use by {PortHolder.Find(place.Node)}",
            _ => Marshal.GetPInvokeErrorMessage(error),
        });
    }

    private static void LockDevice(SafeFileHandle file, PortPlace place)
    {
        if (Libc.Lock(file, Libc.LockExclusive | Libc.LockNonBlocking) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw place.Unavailable(
                error == Libc.TryAgain ? $"in use by {PortHolder.Find(place.Node, file)}" : $"flock: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        if (Libc.Ioctl(file, Libc.SetExclusive, 0) != 0)
        {
            throw NotSet(place, "TIOCEXCL");
        }
    }

    private static void Set(SafeFileHandle file, PortPlace place, SerialLineOptions options)
    {
        var wanted = Termios2.Raw(options);
        if (Libc.Ioctl(file, Libc.SetTermios2, ref wanted) != 0)
        {
            throw Marshal.GetLastPInvokeError() == Libc.Invalid
                ? place.Unavailable($"the adapter cannot do {options.Speed} bits per second with {options.DataBits} data bits; choose another Speed")
                : NotSet(place, "TCSETS2");
        }

        // The call succeeds if anything could be set, so what the driver made of it has to be read back.
        Termios2 actual = default;
        if (Libc.Ioctl(file, Libc.GetTermios2, ref actual) != 0)
        {
            throw NotSet(place, "TCGETS2");
        }

        long off = Math.Abs((long)actual.OutputSpeed - options.Speed);
        if (off * 100 > 3L * options.Speed)
        {
            throw place.Unavailable(
                $"the adapter cannot do {options.Speed} bits per second, it offers {actual.OutputSpeed}; choose another Speed");
        }
    }

    private static LineUnavailableException NotSet(PortPlace place, string call)
    {
        int error = Marshal.GetLastPInvokeError();
        return place.Unavailable(error switch
        {
            Libc.NotATerminal => "it is not a serial port; expected one such as /dev/ttyUSB0",
            // What a port of a PC without a UART in it answers: /dev/ttyS0..3 are there on every one.
            Libc.InputOutputError => NothingBehind,
            _ => $"{call}: {Marshal.GetPInvokeErrorMessage(error)}",
        });
    }
}

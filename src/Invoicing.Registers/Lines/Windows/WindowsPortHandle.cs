using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Invoicing.Registers.Lines.Windows;

/// <summary>An open and set serial port of Windows, which nobody else can open meanwhile.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsPortHandle
{
    /// <summary>Longest that a read waits for its first byte: how late a removal is seen whose driver ends no read by itself.</summary>
    internal const uint ReadMilliseconds = 1000;

    /// <summary>What the driver is asked to hold each way: over 0.3 s at 115,200 bits per second, as our thread fetches at once.</summary>
    private const uint DriverQueue = 4096;

    /// <summary>Opens and sets a port. What fails closes it again, or the port would be in use until this program ends.</summary>
    /// <exception cref="LineUnavailableException">With what was found and what to do.</exception>
    internal static SafeFileHandle Open(SerialLineOptions options, string node)
    {
        PortPlace place = new(options.Path, node);
        SafeFileHandle file = Kernel32.CreateFile(
            WindowsPortName.ToOpen(node), Kernel32.ReadAndWrite, Kernel32.Exclusive, 0, Kernel32.OpenExisting, Kernel32.Overlapped, 0);
        if (file.IsInvalid)
        {
            int error = Marshal.GetLastPInvokeError();
            file.Dispose();
            throw place.Unavailable(Win32Error.OfOpening(error, Marshal.GetPInvokeErrorMessage(error)));
        }

        try
        {
            Set(file, place, options);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Drops what came in before: half a frame, boot messages, what was meant for an earlier program.</summary>
    internal static void DropInput(SafeFileHandle file) => _ = Kernel32.PurgeComm(file, Kernel32.DropInput | Kernel32.DropReads);

    private static void Set(SafeFileHandle file, PortPlace place, SerialLineOptions options)
    {
        DeviceControlBlock actual = new() { Length = DeviceControlBlock.Size };
        Check(Kernel32.GetCommState(file, ref actual), place, options, "GetCommState");
        Check(Kernel32.SetupComm(file, DriverQueue, DriverQueue), place, options, "SetupComm");
        Check(Kernel32.SetCommState(file, DeviceControlBlock.Raw(options)), place, options, "SetCommState");
        Check(Kernel32.SetCommTimeouts(file, ReadTimeouts.FirstByteWithin(ReadMilliseconds)), place, options, "SetCommTimeouts");
        Check(Kernel32.GetCommState(file, ref actual), place, options, "GetCommState");

        // As on Linux: a driver may take a speed that it cannot do and choose one that it can.
        if (Math.Abs((long)actual.Speed - options.Speed) * 100 > 3L * options.Speed)
        {
            throw place.Unavailable($"the adapter cannot do {options.Speed} bits per second, it offers {actual.Speed}; choose another Speed");
        }
    }

    private static void Check(bool done, PortPlace place, SerialLineOptions options, string call)
    {
        if (!done)
        {
            int error = Marshal.GetLastPInvokeError();
            throw place.Unavailable(Win32Error.OfSetting(error, Marshal.GetPInvokeErrorMessage(error), call, options));
        }
    }
}

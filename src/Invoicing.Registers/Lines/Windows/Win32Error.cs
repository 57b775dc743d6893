namespace Invoicing.Registers.Lines.Windows;

/// <summary>The errors of Win32 that serial ports answer, and what they mean for a person.</summary>
/// <remarks>Source: winerror.h.</remarks>
internal static class Win32Error
{
    internal const int InvalidFunction = 1;
    internal const int FileNotFound = 2;
    internal const int PathNotFound = 3;
    internal const int TooManyOpenFiles = 4;
    internal const int AccessDenied = 5;
    internal const int InvalidHandle = 6;
    internal const int BadUnit = 20;
    internal const int NotReady = 21;
    internal const int BadCommand = 22;
    internal const int GeneralFailure = 31;
    internal const int SharingViolation = 32;
    internal const int NotSupported = 50;
    internal const int DeviceNotThere = 55;
    internal const int InvalidParameter = 87;
    internal const int BrokenPipe = 109;
    internal const int SemaphoreTimeout = 121;
    internal const int InvalidName = 123;
    internal const int Busy = 170;
    internal const int NoSuchDevice = 433;
    internal const int OperationAborted = 995;
    internal const int Pending = 997;
    internal const int DeviceNotConnected = 1167;
    internal const int NotFound = 1168;
    internal const int DeviceRemoved = 1617;

    /// <summary>Why a port does not open, and what to do.</summary>
    /// <param name="error">What CreateFile left.</param>
    /// <param name="text">What the system says about it.</param>
    internal static string OfOpening(int error, string text) => error switch
    {
        FileNotFound or PathNotFound or NoSuchDevice => "there is no such device; is it plugged in and switched on?",
        // A port that is open elsewhere answers the first; so does one that we have no right to, which by default everybody has.
        AccessDenied or SharingViolation or Busy =>
            "in use by another program, or not allowed to this user; close the program that has it (handle.exe of Sysinternals names it)",
        InvalidName or InvalidFunction => "it is not a serial port; expected a name such as COM3",
        GeneralFailure or BadUnit or NotReady or BadCommand or DeviceNotThere or DeviceNotConnected or DeviceRemoved or SemaphoreTimeout =>
            $"the port is there, but its device does not answer ({text}); plug the adapter out and in again",
        TooManyOpenFiles => "this program has too many files open",
        _ => $"{text} (error {error})",
    };

    /// <summary>Why an open port cannot be set, and what to do.</summary>
    /// <param name="error">What the call left.</param>
    /// <param name="text">What the system says about it.</param>
    /// <param name="call">The call.</param>
    /// <param name="options">What was asked for.</param>
    internal static string OfSetting(int error, string text, string call, SerialLineOptions options) => error switch
    {
        InvalidFunction or InvalidHandle or NotSupported => "it is not a serial port; expected a name such as COM3",
        InvalidParameter => $"the adapter cannot do {options.Speed} bits per second with {options.DataBits} data bits, "
            + $"parity {options.Parity} and {options.StopBits} stop bits; choose another Speed",
        _ when OfUse(error) is { } gone => $"the port is there, but {gone}; plug the adapter out and in again",
        _ => $"{call}: {text} (error {error})",
    };

    /// <summary>What an error of a read or write means, where it means that the device went; <see langword="null"/> for all others.</summary>
    internal static string? OfUse(int error) => error switch
    {
        AccessDenied or FileNotFound or BadUnit or BadCommand or GeneralFailure or DeviceNotThere or NoSuchDevice or OperationAborted
            or DeviceNotConnected or DeviceRemoved or InvalidHandle or NotReady or BrokenPipe => "its device was removed",
        _ => null,
    };
}

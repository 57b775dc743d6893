namespace Invoicing.Registers.Lines;

/// <summary>How a serial port is set. The defaults are what most registers come with.</summary>
public sealed class SerialLineOptions
{
    /// <summary>Default speed, in bits per second.</summary>
    public const int DefaultSpeed = 115_200;

    /// <summary>
    /// Where the port is: a device node (<c>/dev/ttyUSB0</c>, <c>COM10</c>), a link to one (<c>/dev/serial/by-id/…</c>), or what is plugged
    /// in, for lines with an <see cref="IPortFinder"/>: <c>usb:VID:PID[:SERIAL][@PATH][.ifNN]</c> or <c>usb-path:1-1.2:1.0</c>. Resolved at
    /// each opening.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>Bits per second, any that the adapter can divide: 50..12,000,000.</summary>
    public int Speed { get; init; } = DefaultSpeed;

    /// <summary>Bits of a character, 5..8.</summary>
    public int DataBits { get; init; } = 8;

    /// <summary>Parity bit. A character that breaks it is dropped by the driver of the operating system.</summary>
    public SerialParity Parity { get; init; } = SerialParity.None;

    /// <summary>Stop bits, 1 or 2 (1.5 with 5 data bits, as UARTs do).</summary>
    public int StopBits { get; init; } = 1;

    /// <summary>Who stops the sender when a buffer is full.</summary>
    public SerialFlow Flow { get; init; } = SerialFlow.None;

    /// <summary>
    /// Wait after opening, before input is dropped and the line used: 0..5 s. Boards that restart when DTR rises (many CDC-ACM ones)
    /// need 50..200 ms.
    /// </summary>
    public TimeSpan Settle { get; init; } = TimeSpan.Zero;

    /// <summary>
    /// Folder of UUCP lock files (<c>LCK..ttyUSB0</c>), which terminal programs respect; <see langword="null"/> for none. Where it does
    /// not exist or is not writable, the lock on the device itself has to do.
    /// </summary>
    public string? LockFolder { get; init; } = "/run/lock";

    /// <summary>What is wrong with the options, as <c>key: expected, found</c>; <see langword="null"/> if nothing.</summary>
    public string? Fault() => this switch
    {
        { Path: null or "" } => "Path: expected the path of a serial port, found nothing",
        { Speed: < 50 or > 12_000_000 } => $"Speed: expected 50..12000000 bits per second, found {Speed}",
        { DataBits: < 5 or > 8 } => $"DataBits: expected 5..8, found {DataBits}",
        { StopBits: < 1 or > 2 } => $"StopBits: expected 1 or 2, found {StopBits}",
        { Parity: < SerialParity.None or > SerialParity.Space } => $"Parity: expected None, Even, Odd, Mark or Space, found {Parity}",
        { Flow: < SerialFlow.None or > SerialFlow.XonXoff } => $"Flow: expected None, RtsCts or XonXoff, found {Flow}",
        { Settle.Ticks: < 0 or > 5 * TimeSpan.TicksPerSecond } => $"Settle: expected 0..5 s, found {Settle}",
        _ => null,
    };
}

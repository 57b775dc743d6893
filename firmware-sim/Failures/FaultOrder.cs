using System.Globalization;

namespace FirmwareSim.Failures;

/// <summary>A fault that was asked for: <c>NAME</c>, <c>NAME@N</c>, <c>NAME@bytes=N</c>, <c>NAME@every=N</c>.</summary>
/// <param name="Fault">Which.</param>
/// <param name="At">The occasion, from 1, at which it happens once; 0: not by count.</param>
/// <param name="Every">It happens at each N-th occasion; 0: it does not.</param>
/// <param name="AfterBytes">It happens once, at the first occasion after so many bytes were sent; null: not by bytes.</param>
internal sealed record FaultOrder(Fault Fault, long At, long Every, long? AfterBytes)
{
    public const string Expected = "NAME, NAME@N (the N-th occasion), NAME@bytes=N or NAME@every=N; \"firmware-sim faults\" lists the names";

    /// <summary>Reads an order for a register of this protocol.</summary>
    /// <returns>The order, or why it is none in one sentence.</returns>
    public static (FaultOrder? Order, string? Error) Parse(string text, Protocol protocol, string protocolName)
    {
        string[] parts = text.Split('@');
        if (FaultTable.Named(parts[0]) is not FaultRow row)
        {
            return (null, $"expected {Expected}, found \"{text}\"");
        }

        if (!row.Fits.HasFlag(protocol))
        {
            return (null, $"fault {(int)row.Fault}, {row.Name}, does not fit {protocolName}: it is for {string.Join(", ", ProtocolNames.In(row.Fits))}");
        }

        if (parts.Length == 1)
        {
            return (new FaultOrder(row.Fault, 1, 0, null), null);
        }

        string[] when = parts[^1].Split('=');
        bool isNumber = long.TryParse(when[^1], NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0;
        FaultOrder? order = (parts.Length, when.Length, when[0], isNumber) switch
        {
            (2, 1, _, true) => new FaultOrder(row.Fault, number, 0, null),
            (2, 2, "every", true) => new FaultOrder(row.Fault, 0, number, null),
            (2, 2, "bytes", true) => new FaultOrder(row.Fault, 0, 0, number),
            _ => null,
        };
        return (order, order is null ? $"expected {Expected}, found \"{text}\"" : null);
    }
}

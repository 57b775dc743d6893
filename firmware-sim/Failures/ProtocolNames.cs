namespace FirmwareSim.Failures;

/// <summary>Protocols as a person writes them.</summary>
internal static class ProtocolNames
{
    private static readonly (Protocol Protocol, string Name)[] All =
    [
        (Protocol.DatecsX, "datecs-x"), (Protocol.DatecsIsl, "datecs-isl"), (Protocol.DatecsPush, "datecs-push"), (Protocol.Eutron, "eutron"),
        (Protocol.EutronTcp, "eutron-tcp"), (Protocol.EscPos, "escpos"), (Protocol.EscPosPrinter, "escpos-printer"), (Protocol.LineText, "line-text"),
    ];

    /// <summary>The name of a single protocol.</summary>
    public static string Of(Protocol protocol) => All.Single(item => item.Protocol == protocol).Name;

    public static Protocol? Find(string name) => All.Where(item => item.Name == name).Select(item => (Protocol?)item.Protocol).FirstOrDefault();

    public static IEnumerable<string> In(Protocol set) => All.Where(item => set.HasFlag(item.Protocol)).Select(item => item.Name);
}

using System.Globalization;
using FirmwareSim.Datecs;
using FirmwareSim.EscPos;
using FirmwareSim.Eutron;
using FirmwareSim.Failures;
using FirmwareSim.Lines;
using FirmwareSim.LineText;
using FirmwareSim.Printing;
using FirmwareSim.Tills;

namespace FirmwareSim.Commands;

/// <summary>Settings of <c>run</c> for registers that speak something else than TLK/1.</summary>
internal static class TillSettings
{
    public const string Speed = "speed";
    public const string FaultsSeed = "faults-seed";
    public const string FaultRate = "fault-rate";
    public const string Specials = "specials";
    public const string DayClose = "day-close";
    public const string SaleTime = "sale-time";
    public const string AnswerTime = "answer-time";
    public const string Model = "model";
    public const string Queries = "queries";
    public const string LogBytes = "log-bytes";
    public const string Charsets = "charset";
    public const string Template = "template";
    public const string Slips = "slips";
    public const string Status = "status";
    public const string Wait = "wait";
    public const string Paper = "paper";

    /// <summary>What <see cref="TrySpeed"/> takes.</summary>
    internal const string SpeedExpected = "300..1000000";

    private const string PercentExpected = "0..100";

    /// <summary>Each key with the protocols that it fits.</summary>
    private static readonly Dictionary<string, (Protocol Fits, string Text)> Table = new(StringComparer.Ordinal)
    {
        [Speed] = (Protocol.All, "Bits a second of the wire, ten a byte: 300..1000000 [default: as fast as it goes]"),
        [FaultsSeed] = (Protocol.All, "Every fault that fits strikes by this seed, at a rate"),
        [FaultRate] = (Protocol.All, "With a seed: occasions of a thousand at which each fault strikes, 1..500 [default: 5]"),
        [Specials] = (Protocol.Tills, "Sales of a hundred that a voided receipt or a refund follows [default: 0]"),
        [DayClose] = (Protocol.Tills, "Documents after which the day is closed; 0: never [default: 0]"),
        [SaleTime] = (Protocol.Tills, "How long a receipt is open, such as 300ms, or flat [default: flat]"),
        [AnswerTime] = (Protocol.Isl, "How long an answer takes, with a busy sign each 60 ms, or flat [default: flat]"),
        [Model] = (Protocol.DatecsPush, "dp500 or wp500 [default: dp500]"),
        [Queries] = (Protocol.DatecsPush, "Receipts of a hundred that begin with a question for an article [default: 0]"),
        [LogBytes] = (Protocol.Eutron | Protocol.EutronTcp, "Bytes that the sales log holds: 1024..16777216 [default: 262144]"),
        [Charsets] = (Protocol.EscPos | Protocol.LineText, "utf8, tcvn3, cp1258 or plain [default: utf8]"),
        [Template] = (Protocol.EscPos | Protocol.LineText, "one-line or two-lines for each item [default: two-lines]"),
        [Slips] = (Protocol.EscPos, "Sales of a hundred with a kitchen slip, with a bill before payment, with a copy; each for itself [default: 0]"),
        [Status] = (Protocol.EscPos, "Ask the printer before each job, and do not print without an answer"),
        [Wait] = (Protocol.DatecsPush, "Sell only while an application is open"),
        [Paper] = (Protocol.EscPosPrinter, "Where the printed bytes go; added to what is there"),
    };

    /// <summary>Every key, with what it means.</summary>
    public static IReadOnlyDictionary<string, string> Texts { get; } =
        Table.ToDictionary(
            pair => pair.Key,
            pair => pair.Key == Speed ? pair.Value.Text : $"{pair.Value.Text} ({string.Join(", ", ProtocolNames.In(pair.Value.Fits))})",
            StringComparer.Ordinal);

    /// <summary>What the register speaks; null: TLK/1.</summary>
    /// <exception cref="SettingException">There is no such protocol, or a setting does not fit it.</exception>
    public static Protocol? ReadProtocol(SettingSource source)
    {
        Protocol? protocol = source.Read<Protocol?>(RunSettings.Protocol, RunSettings.ProtocolExpected, TryProtocol, null);
        foreach ((string key, (Protocol fits, _)) in Table)
        {
            bool isFit = protocol is { } known ? fits.HasFlag(known) : key == Speed; // every wire has a speed
            if (!isFit && source.WhereGiven(key) is string where)
            {
                throw new SettingException($"{where}: fits {string.Join(", ", ProtocolNames.In(fits))}, not {(protocol is null ? "tlk" : ProtocolNames.Of(protocol.Value))}");
            }
        }

        foreach (string key in protocol is null ? [] : (string[])[RunSettings.Scenario, RunSettings.Scenarios, RunSettings.Ahead, RunSettings.MaxBody, RunSettings.Capacity])
        {
            if (source.WhereGiven(key) is string where)
            {
                throw new SettingException($"{where}: fits tlk, not {ProtocolNames.Of(protocol!.Value)}");
            }
        }

        return protocol;
    }

    /// <summary>All settings of a register of this protocol.</summary>
    public static TillRunOptions Read(SettingSource source, Protocol protocol, TimeProvider time)
    {
        LineAddress line = source.Require<LineAddress>(RunSettings.Line, LineAddress.Expected, RunSettings.TryLine);
        bool isPrinter = protocol == Protocol.EscPosPrinter;
        string serial = isPrinter
            ? source.Read<string>(RunSettings.Serial, "1 to 32 ASCII characters without blanks", RunSettings.TrySerial, "PRINTER")
            : source.Require<string>(RunSettings.Serial, "1 to 32 ASCII characters without blanks", RunSettings.TrySerial);
        FaultPlan faults = ReadFaults(source, protocol);
        return new TillRunOptions
        {
            Line = () => line.Create(time, protocol == Protocol.DatecsPush ? PushFront.MostApplications : 1),
            BookPath = source.Require<string>(RunSettings.Journal, "the path of a file", RunSettings.TryPath),
            Till = ReadTill(source, protocol, time, serial),
            Front = ReadFront(source, protocol, faults),
            Sales = isPrinter ? 0 : source.Read<long>(RunSettings.Sales, "a whole number from 0 on", RunSettings.TryCount, 10),
            Faults = faults,
            Pace = source.Read<TimeSpan>(RunSettings.Pace, "a time such as 200ms or 2s, or flat", RunSettings.TryPace, TimeSpan.FromMilliseconds(200)),
            SaleTime = source.Read<TimeSpan>(SaleTime, "a time such as 200ms or 2s, or flat", RunSettings.TryPace, TimeSpan.Zero),
            Speed = source.Read<int?>(Speed, SpeedExpected, TrySpeed, null),
            WaitsToBeHeard = source.Read<bool>(Wait, "true or false", bool.TryParse, otherwise: false),
            Linger = isPrinter || source.Read<bool>(RunSettings.Linger, "true or false", bool.TryParse, otherwise: false),
            Time = time,
        };
    }

    private static TillOptions ReadTill(SettingSource source, Protocol protocol, TimeProvider time, string serial) => new()
    {
        Serial = serial,
        Seed = source.Read<long>(RunSettings.Seed, "a whole number", RunSettings.TryLong, 1),
        SpecialPercent = source.Read<int>(Specials, PercentExpected, TryPercent, 0),
        DayCloseEvery = (int)source.Read<long>(DayClose, "0..1000000", (string text, out long value) => RunSettings.TryCount(text, out value) && value <= 1_000_000, 0),
        LastNumber = protocol is Protocol.Eutron or Protocol.EutronTcp ? LogRecords.LastReceipt : 9_999_999,
        Time = time,
    };

    private static Func<Till, IRegisterFront> ReadFront(SettingSource source, Protocol protocol, FaultPlan faults)
    {
        TimeSpan answer = source.Read<TimeSpan>(AnswerTime, "a time such as 200ms or 2s, or flat", RunSettings.TryPace, TimeSpan.Zero);
        switch (protocol)
        {
            case Protocol.DatecsX:
                return till => new IslFront(new DatecsXCommands(till), answer);
            case Protocol.DatecsIsl:
                return till => new IslFront(new DatecsIslCommands(till), answer);
            case Protocol.DatecsPush:
                PushModel model = source.Read<PushModel>(Model, "dp500 or wp500", TryModel, PushModel.Dp500);
                int queries = source.Read<int>(Queries, PercentExpected, TryPercent, 0);
                return till => new PushFront(till, faults, model, queries);
            case Protocol.Eutron:
            case Protocol.EutronTcp:
                int bytes = source.Read<int>(LogBytes, "1024..16777216", TryLogBytes, SalesLog.DefaultCapacity);
                return till => protocol == Protocol.Eutron
                    ? new EutronFront(new EutronMemory(till, faults, bytes))
                    : new EutronTcpFront(new EutronMemory(till, faults, bytes));
            case Protocol.EscPosPrinter:
                string paper = source.Require<string>(Paper, "the path of a file", RunSettings.TryPath);
                return _ => new PrinterFront(paper);
            case Protocol.EscPos:
                PosOptions options = ReadPos(source);
                return till => new EscPosFront(till, options, new JobMaker(options, faults));
            default:
                PosOptions text = ReadPos(source);
                return till => new LineTextFront(till, text.Charset, text.Template);
        }
    }

    private static PosOptions ReadPos(SettingSource source) => new()
    {
        Charset = source.Read<Charset>(Charsets, "utf8, tcvn3, cp1258 or plain", TryCharset, Charset.Utf8),
        Template = source.Read<ReceiptTemplate>(Template, "one-line or two-lines", TryTemplate, ReceiptTemplate.TwoLines),
        AsksStatus = source.Read<bool>(Status, "true or false", bool.TryParse, otherwise: false),
        SlipPercent = source.Read<int>(Slips, PercentExpected, TryPercent, 0),
        Seed = source.Read<long>(RunSettings.Seed, "a whole number", RunSettings.TryLong, 1),
    };

    private static FaultPlan ReadFaults(SettingSource source, Protocol protocol)
    {
        string orders = source.Read<string>(RunSettings.Fault, FaultOrder.Expected, RunSettings.TryPath, string.Empty);
        List<FaultOrder> read = [];
        foreach (string text in orders.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            (FaultOrder? order, string? error) = FaultOrder.Parse(text, protocol, ProtocolNames.Of(protocol));
            read.Add(order ?? throw new SettingException($"{source.WhereGiven(RunSettings.Fault)}: {error}"));
        }

        long? seed = source.Read<long?>(FaultsSeed, "a whole number", TrySeed, null);
        int rate = source.Read<int>(FaultRate, "1..500", TryRate, 5);
        if (seed is null && source.WhereGiven(FaultRate) is string where)
        {
            throw new SettingException($"{where}: expected --{FaultsSeed} beside it, found none");
        }

        return new FaultPlan(protocol, read, seed ?? 1, seed is null ? 0 : rate);
    }

    private static bool TryProtocol(string text, out Protocol? value)
    {
        value = ProtocolNames.Find(text);
        return value is not null || text == "tlk";
    }

    private static bool TryWhole(string text, int least, int most, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;

    private static bool TryPercent(string text, out int value) => TryWhole(text, 0, 100, out value);

    private static bool TryRate(string text, out int value) => TryWhole(text, 1, 500, out value);

    private static bool TryLogBytes(string text, out int value) => TryWhole(text, 1024, 16_777_216, out value);

    internal static bool TrySpeed(string text, out int? value)
    {
        bool isGood = TryWhole(text, 300, 1_000_000, out int number);
        value = number;
        return isGood;
    }

    private static bool TrySeed(string text, out long? value)
    {
        bool isGood = RunSettings.TryLong(text, out long number);
        value = number;
        return isGood;
    }

    private static bool TryModel(string text, out PushModel value)
    {
        value = text == "wp500" ? PushModel.Wp500 : PushModel.Dp500;
        return text is "wp500" or "dp500";
    }

    private static bool TryCharset(string text, out Charset value)
    {
        value = text switch { "utf8" => Charset.Utf8, "tcvn3" => Charset.Tcvn3, "cp1258" => Charset.Cp1258, _ => Charset.Plain };
        return text is "utf8" or "tcvn3" or "cp1258" or "plain";
    }

    private static bool TryTemplate(string text, out ReceiptTemplate value)
    {
        value = text == "one-line" ? ReceiptTemplate.OneLine : ReceiptTemplate.TwoLines;
        return text is "one-line" or "two-lines";
    }
}
